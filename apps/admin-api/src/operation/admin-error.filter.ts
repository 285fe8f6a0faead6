import { Catch, type ArgumentsHost } from '@nestjs/common';
import { ErrorFilter } from '@tollgate/http';
import { toAdminError } from './admin-error.js';

/** Answers what was thrown as a problem. */
@Catch()
export class AdminErrorFilter extends ErrorFilter {
  override catch(thrown: unknown, host: ArgumentsHost): void {
    super.catch(toAdminError(thrown), host);
  }
}
