/** The points of a checkpoint's way that somebody may watch, in their order. A crash at any of them loses nothing. */
export const OFFLOAD_STEPS = [
  'claimed',
  'packed',
  'announced',
  'uploaded',
  'verified',
  'archived',
  'evicting',
  'evicted',
] as const;

/** One of them. */
export type OffloadStep = (typeof OFFLOAD_STEPS)[number];

/** Told when a step is done; the work waits for the answer. */
export type StepListener = (step: OffloadStep, tenantId: string) => void | Promise<void>;
