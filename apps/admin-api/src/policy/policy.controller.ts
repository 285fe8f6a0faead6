import { Controller } from '@nestjs/common';
import { BASE_PATH, tenantOperations } from '@tollgate/admin-contract';
import { TenantEditor } from '@tollgate/tenant-config';
import { Pool } from 'pg';
import { Changes } from '../change/changes.js';
import { answerOf, type Answer } from '../operation/answer.js';
import { Call, Serves } from '../operation/operation.decorator.js';
import type { CallOf } from '../operation/operation-call.js';
import { formatPolicy, readPolicy } from '../tenants/tenant-wire.js';
import { findChanges } from './policy-difference.js';
import { PolicyJudge } from './policy-judge.js';

/** The policy of a tenant: which models, and how fast. */
@Controller(BASE_PATH)
export class PolicyController {
  constructor(
    private readonly pool: Pool,
    private readonly changes: Changes,
    private readonly judge: PolicyJudge,
  ) {}

  @Serves(tenantOperations.readPolicy)
  async read(@Call() { params }: CallOf<typeof tenantOperations.readPolicy>): Promise<Answer> {
    const tenant = await new TenantEditor(this.pool).get(params.tenant_id);
    return answerOf(formatPolicy(tenant), tenant.version);
  }

  @Serves(tenantOperations.replacePolicy)
  replace(@Call() call: CallOf<typeof tenantOperations.replacePolicy>): Promise<Answer> {
    const isDryRun = call.query.dry_run === 'true';
    const id = call.params.tenant_id;
    // A dry run is the change itself, taken back: so it meets whatever the change would meet.
    return this.changes.make(call, async (client) => {
      const edit = await new TenantEditor(client).update(id, call.version, readPolicy(call.body, null));
      this.judge.refuseLockOut(edit.after);
      const [before, after] = [formatPolicy(edit.before), formatPolicy(edit.after)];
      return {
        body: {
          dry_run: isDryRun,
          policy: after,
          changes: findChanges(before, after),
          warnings: this.judge.listWarnings(edit.after),
        },
        version: isDryRun ? edit.before.version : edit.after.version,
        audit: { action: 'policy.replace', targetType: 'policy', targetId: id, tenantId: id, before, after },
        isDryRun,
      };
    });
  }
}
