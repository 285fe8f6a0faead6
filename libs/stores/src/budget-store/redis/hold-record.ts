import { z } from 'zod';
import type { ScopeWindow } from '../../ledger/scope-total.js';
import type { ExpiredHold } from '../budget-store.js';

const recordSchema = z.object({ windows: z.array(z.string()), facts: z.unknown() });

/** A window's name in a hold record. */
export const windowName = ({ scope, window }: ScopeWindow): string => `${scope}@${window}`;

function parseWindowName(name: string): ScopeWindow {
  const at = name.lastIndexOf('@');
  return { scope: name.slice(0, at), window: name.slice(at + 1) };
}

/** Reads back what `formatHoldRecord` wrote. */
export function parseHoldRecord(tenantId: string, requestId: string, record: string): ExpiredHold {
  const [amount = '', , ...json] = record.split('|');
  const { windows, facts } = recordSchema.parse(JSON.parse(json.join('|')));
  return {
    requestId,
    tenantId,
    windows: windows.map(parseWindowName),
    amountNanoUsd: Number(amount),
    facts: JSON.stringify(facts),
  };
}
