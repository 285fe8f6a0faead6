import type { Problem } from './configuration-error.js';
import type { Environment } from './variables.js';

/** The ways in which a gateway shows Vault who it is, by the variables that each needs. */
const WAYS = [
  ['VAULT_TOKEN'],
  ['VAULT_ROLE_ID', 'VAULT_SECRET_ID'],
  ['VAULT_K8S_ROLE'],
] as const satisfies readonly (readonly (keyof Environment)[])[];

/** What keeps tenants from being read from Vault, in any mode. */
export function vaultContradictions(
  env: Environment,
  isGiven: (name: keyof Environment) => boolean,
): Problem[] {
  if (env.TENANT_LLM_CONFIG_SOURCE !== 'vault') return [];
  const problems: Problem[] = [];
  const refuse = (variable: string, problem: string, remedy: string): void => {
    problems.push({ kind: 'configuration', variable, problem, remedy });
  };
  if (!isGiven('VAULT_ADDR'))
    refuse('VAULT_ADDR', 'TENANT_LLM_CONFIG_SOURCE=vault needs it', 'Set it to the URL of Vault');
  const begun = WAYS.filter((names) => names.some(isGiven));
  if (begun.length === 0)
    refuse(
      'VAULT_TOKEN',
      'Vault would not know who asks',
      'Set it, or VAULT_ROLE_ID and VAULT_SECRET_ID, or VAULT_K8S_ROLE',
    );
  if (begun.length > 1)
    refuse(begun[1]?.[0] ?? '', 'there is more than one way to log in to Vault', 'Keep one of them');
  for (const name of begun.flat().filter((each) => !isGiven(each)))
    refuse(name, 'AppRole needs the role id and the secret id', 'Set both');
  return problems;
}
