import { InvalidArgumentError, Option } from 'commander';
import { namedModels } from '@tollgate/config';

/** An option that takes `name:model` pairs, as the variables of tenants do. */
export function namedModelsOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    const parsed = namedModels.safeParse(text);
    if (parsed.success) return parsed.data;
    throw new InvalidArgumentError('It must be name:model pairs, comma-separated, each name once.');
  });
}
