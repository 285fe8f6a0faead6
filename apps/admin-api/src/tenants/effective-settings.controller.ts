import { Controller, Inject } from '@nestjs/common';
import { BASE_PATH, formatAmount, tenantOperations } from '@tollgate/admin-contract';
import type { AdminSettings } from '@tollgate/config';
import { describeSettings, tenantDefaults, type EffectiveSetting } from '@tollgate/tenant-config';
import { answerOf, type Answer } from '../operation/answer.js';
import { Call, Serves } from '../operation/operation.decorator.js';
import type { CallOf } from '../operation/operation-call.js';
import { SETTINGS } from '../tokens.js';
import { TenantReader } from './tenant-reader.js';

const NANO_USD = /_nano_usd$/;

const toSnake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

// An amount stands there twice, as everywhere.
function toMembers(name: string, value: unknown): [string, unknown][] {
  const plain = value instanceof Map ? (Object.fromEntries(value) as object) : (value ?? null);
  const wireName = toSnake(name);
  if (!NANO_USD.test(wireName)) return [[wireName, plain]];
  return Object.entries(formatAmount(wireName.replace(NANO_USD, ''), plain as number | null));
}

/** What holds for a tenant, wherever it comes from. */
@Controller(BASE_PATH)
export class EffectiveSettingsController {
  constructor(
    @Inject(SETTINGS) private readonly settings: AdminSettings,
    private readonly tenants: TenantReader,
  ) {}

  @Serves(tenantOperations.readEffective)
  async read(@Call() { params }: CallOf<typeof tenantOperations.readEffective>): Promise<Answer> {
    const { env } = this.settings;
    const { tenant, own } = await this.tenants.get(params.tenant_id);
    const described = Object.entries<EffectiveSetting>(describeSettings(own, tenantDefaults(env)));
    const settings = described.flatMap(([name, { value, isOwn }]) =>
      toMembers(name, value).map(([member, each]) => [
        member,
        { value: each, source: isOwn ? env.TENANT_LLM_CONFIG_SOURCE : 'default' },
      ]),
    );
    return answerOf({
      tenant_id: tenant.id,
      config_hash: tenant.configHash,
      settings: Object.fromEntries(settings) as object,
    });
  }
}
