const ID_PLACE = '{tenant_id}';

/** Where the secrets of tenants are in Vault: a path of KV version 2, cut at the tenant's id. */
export interface VaultTenantPath {
  /** `secret/data/tenants/`: a tenant's id follows. */
  readonly dataPrefix: string;
  /** `secret/metadata/tenants/`: what lists the ids. */
  readonly listPath: string;
  /** `/llm`: what follows the id; empty when the id is the secret's own name. */
  readonly suffix: string;
}

const isSegment = (segment: string): boolean => /^[\w.-]+$/.test(segment) && !/^\.+$/.test(segment);

/** Cuts a path such as `secret/data/tenants/{tenant_id}/llm`; undefined when it is not one of KV version 2 with one place for the id. */
export function parseVaultTenantPath(path: string): VaultTenantPath | undefined {
  const segments = path.split('/');
  const idAt = segments.indexOf(ID_PLACE);
  const dataAt = segments.indexOf('data');
  const others = segments.filter((segment) => segment !== ID_PLACE);
  if (dataAt < 1 || idAt < dataAt || others.length !== segments.length - 1 || !others.every(isSegment))
    return undefined;
  const before = segments.slice(0, idAt);
  const end = segments.slice(idAt + 1).map((segment) => `/${segment}`);
  return {
    dataPrefix: `${before.join('/')}/`,
    listPath: `${before.with(dataAt, 'metadata').join('/')}/`,
    suffix: end.join(''),
  };
}
