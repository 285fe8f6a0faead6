/** What a call is attributed to, as columns of the rollups. */
export const DIMENSION_COLUMNS = [
  'agent_id',
  'key_id',
  'model',
  'model_provider',
  'status',
  'task_type',
] as const;

/** What is added up under their own names in the ledger and in the rollups. */
export const SUM_COLUMNS = [
  'input_tokens',
  'cached_input_tokens',
  'cache_write_tokens',
  'input_audio_tokens',
  'output_tokens',
  'output_audio_tokens',
  'cost_nano_usd',
] as const;

/** What the rollups count, in the order of their columns. */
export const MEASURE_COLUMNS = ['calls', 'tries', ...SUM_COLUMNS] as const;
