import { integer, list, text, url } from './variable.js';

const section = 'Admin API';

/** Variables of the admin API. */
export const adminVariables = {
  ADMIN_PORT: integer(8081, 0, 65_535, { section, doc: 'Port of the admin API; 0 picks a free one.' }),
  ADMIN_TOKEN: text(undefined, {
    section,
    doc: 'The first operator token, with the role `admin`: 32 characters or more in strict mode. Unset in dev: a token that everybody knows.',
    secret: true,
  }),
  CONSOLE_FOLDER: text(undefined, {
    section,
    doc: 'Where the built console is. Unset: `apps/console/dist` beside the admin API.',
  }),
  ADMIN_OIDC_ISSUER: url(['https:', 'http:'], undefined, {
    section,
    doc: 'Issuer whose tokens (JWT) let operators in beside the operator tokens. With it, ADMIN_OIDC_AUDIENCE and ADMIN_OIDC_JWKS_URL.',
  }),
  ADMIN_OIDC_AUDIENCE: text(undefined, { section, doc: 'Audience that those tokens must name.' }),
  ADMIN_OIDC_JWKS_URL: url(['https:', 'http:'], undefined, {
    section,
    doc: "The issuer's keys: `jwks_uri` of its discovery document.",
  }),
  ADMIN_OIDC_ROLE_CLAIM: text('tollgate_role', {
    section,
    doc: 'Claim with the role, a text or a list of texts: `viewer`, `operator` or `admin`; the highest counts.',
  }),
  WEBHOOK_ALLOWED_ADDRESSES: list({
    section,
    doc: 'Private addresses, and ranges such as `10.1.0.0/16`, that webhooks may be sent to all the same. Everything on the public internet may.',
  }),
};
