import { createOpenapiDocument } from '@tollgate/admin-contract';
import type { GeneratedPage } from '../generated-page.js';

/** The admin API, for machines: what GET /admin/openapi.json answers. */
export const adminOpenapiPage: GeneratedPage = {
  path: 'docs/api/admin-openapi.json',
  render: () => JSON.stringify(createOpenapiDocument()),
};
