import type { Price } from '@tollgate/domain';
import type { Tenant } from '../tenant.js';

const PICO_PER_CENT_PER_MILLION = 10_000;

/** What the policy must know of a model. */
export interface PolicyModel {
  readonly id: string;
  /** Undefined when no price is known. */
  readonly price: Price | undefined;
}

/** What holds for every tenant of a process. */
export interface ModelRules<M extends PolicyModel> {
  /** The model of this exact name, if this process can call it. */
  find(name: string): M | undefined;
  /** Whether the operator lets it be called at all. */
  isLetThrough(model: M): boolean;
  /** Whether a model without a known price may be called (at no cost). */
  readonly allowUnpriced: boolean;
  /** A model is expensive above this price of a million text tokens. */
  readonly expensiveAboveCents: number;
}

/** What the policy must know of a tenant. */
export type TenantPolicy = Pick<
  Tenant,
  'defaultModel' | 'fallbackModel' | 'allowedModels' | 'allowExpensive' | 'modelAliases' | 'taskModels'
>;

/** The dearer of a model's prices for a text token of input and of output, in pico-USD; without a price it is infinite. */
export function textPricePicoUsd({ price }: PolicyModel): number {
  return price ? Math.max(price[0].input, price[0].output) : Number.POSITIVE_INFINITY;
}

/** Whether only tenants that may use expensive models may use this one. A model without a price is not called expensive. */
export function isExpensive(model: PolicyModel, aboveCents: number): boolean {
  return model.price !== undefined && textPricePicoUsd(model) > aboveCents * PICO_PER_CENT_PER_MILLION;
}
