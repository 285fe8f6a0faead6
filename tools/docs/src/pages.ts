import { configurationPage } from './configuration-page.js';
import { errorsPage } from './errors-page.js';
import type { GeneratedPage } from './generated-page.js';
import { metricsPage } from './metrics-page.js';
import { adminClientTypes } from './openapi/admin-client-types.js';
import { adminOpenapiPage } from './openapi/admin-openapi-page.js';
import { openapiPage } from './openapi/openapi-page.js';

/** All generated pages: a new one is a file beside this one and a line here. */
export const PAGES: readonly GeneratedPage[] = [
  configurationPage,
  errorsPage,
  metricsPage,
  openapiPage,
  adminOpenapiPage,
  adminClientTypes,
];
