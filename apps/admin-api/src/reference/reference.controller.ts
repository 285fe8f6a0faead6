import { Controller, Get, Header } from '@nestjs/common';
import { createOpenapiDocument } from '@tollgate/admin-contract';
import { REFERENCE_POLICY, renderReference } from './reference-page.js';

const MAX_AGE = 'public, max-age=300';

/** The description of the API, for machines and for people; it holds no secret and needs no token. */
@Controller('admin')
export class ReferenceController {
  readonly #document = JSON.stringify(createOpenapiDocument());
  readonly #page = renderReference();

  @Get('openapi.json')
  @Header('content-type', 'application/json; charset=utf-8')
  @Header('cache-control', MAX_AGE)
  document(): string {
    return this.#document;
  }

  @Get('docs')
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', REFERENCE_POLICY)
  @Header('x-content-type-options', 'nosniff')
  @Header('referrer-policy', 'no-referrer')
  @Header('cache-control', MAX_AGE)
  page(): string {
    return this.#page;
  }
}
