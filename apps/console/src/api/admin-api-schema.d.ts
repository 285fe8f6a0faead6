/** Written by `npm run docs` from the code. Do not edit. */
export interface paths {
  '/admin/v1/alerts/endpoints': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List endpoints, oldest first: all, or those that the alerts of a tenant go to
     * @description Needs the role `viewer`.
     */
    get: operations['listWebhookEndpoints'];
    put?: never;
    /**
     * Have alerts sent to an endpoint
     * @description Needs the role `operator`.
     */
    post: operations['createWebhookEndpoint'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/alerts/endpoints/{endpoint_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read an endpoint
     * @description Needs the role `viewer`.
     */
    get: operations['readWebhookEndpoint'];
    put?: never;
    post?: never;
    /**
     * Delete an endpoint with its deliveries
     * @description Needs the role `operator`.
     */
    delete: operations['deleteWebhookEndpoint'];
    options?: never;
    head?: never;
    /**
     * Change an endpoint; what is left out stays
     * @description Needs the role `operator`.
     */
    patch: operations['patchWebhookEndpoint'];
    trace?: never;
  };
  '/admin/v1/alerts/endpoints/{endpoint_id}/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the messages to an endpoint with their attempts, newest first
     * @description Needs the role `viewer`.
     */
    get: operations['listWebhookDeliveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/alerts/endpoints/{endpoint_id}/deliveries/{delivery_id}/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Try a message once more, at once
     * @description Needs the role `operator`.
     */
    post: operations['retryWebhookDelivery'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/alerts/endpoints/{endpoint_id}/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send a message of the type `webhook.test`
     * @description Needs the role `operator`.
     */
    post: operations['testWebhookEndpoint'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List what was changed, latest first
     * @description Needs the role `viewer`.
     */
    get: operations['listAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/audit/verify': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Go through the whole audit, and find the first entry that was changed, removed or moved
     * @description Needs the role `viewer`.
     */
    get: operations['verifyAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/invoices': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List closed invoices, the latest months first
     * @description Needs the role `viewer`.
     */
    get: operations['listInvoices'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/invoices/{tenant_id}/{month}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read an invoice as it was closed, or as it would be closed at this moment
     * @description Needs the role `viewer`.
     */
    get: operations['readInvoice'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/invoices/{tenant_id}/{month}/render': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read an invoice as CSV, or as a page for printing
     * @description Needs the role `viewer`.
     */
    get: operations['renderInvoice'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/invoices/close': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Close a month for ever, of one tenant or of all
     * @description With `tenant_id` null or absent: every open month up to it, of every tenant that has something to bill or to adjust. What was closed before stays as it is. Needs the role `admin`.
     */
    post: operations['closeInvoices'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/ledger/{request_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read the events of one call, and their corrections
     * @description Needs the role `viewer`.
     */
    get: operations['readLedgerEntry'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/ledger/{request_id}/correct': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Give a presumed event its real end and cost, by proof
     * @description Totals and budgets move by the difference. Without tokens the counts stay as they were presumed. It can be neither changed nor taken back; to ask again for the same changes nothing. Needs the role `operator`.
     */
    post: operations['correctLedgerEntry'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/models': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the models of the catalogue with their prices
     * @description Needs the role `viewer`.
     */
    get: operations['listModels'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/models/resolve': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Say which model a call of a tenant would get, and why
     * @description Needs the role `viewer`.
     */
    post: operations['resolveModel'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/operators/self': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Say who the token lets in, and with which role
     * @description Needs the role `viewer`.
     */
    get: operations['readSelf'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/operators/tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List operator tokens, the revoked ones too
     * @description Needs the role `admin`.
     */
    get: operations['listOperatorTokens'];
    put?: never;
    /**
     * Create an operator token
     * @description Needs the role `admin`.
     */
    post: operations['createOperatorToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/operators/tokens/{token_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read an operator token
     * @description Needs the role `admin`.
     */
    get: operations['readOperatorToken'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/operators/tokens/{token_id}/revoke': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Revoke an operator token for ever, at once
     * @description Needs the role `admin`.
     */
    post: operations['revokeOperatorToken'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/session': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Say whom the session lets in
     * @description Needs the role `viewer`.
     */
    get: operations['readSession'];
    put?: never;
    /**
     * Open a session for the holder of a token
     * @description The answer sets the cookie `tollgate_session` (HttpOnly, SameSite=Strict). A session that the request came with ends. Needs the role `viewer`.
     */
    post: operations['openSession'];
    /**
     * End the session, everywhere and at once
     * @description Needs the role `viewer`.
     */
    delete: operations['closeSession'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/tenants': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List tenants by id
     * @description Needs the role `viewer`.
     */
    get: operations['listTenants'];
    put?: never;
    /**
     * Create a tenant
     * @description Needs the role `operator`.
     */
    post: operations['createTenant'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/tenants/{tenant_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a tenant
     * @description Needs the role `viewer`.
     */
    get: operations['readTenant'];
    /**
     * Replace all settings of a tenant
     * @description Needs the role `operator`.
     */
    put: operations['replaceTenant'];
    post?: never;
    /**
     * Delete a tenant with its agents and keys; its usage stays in the ledger
     * @description Needs the role `admin`.
     */
    delete: operations['deleteTenant'];
    options?: never;
    head?: never;
    /**
     * Change some settings of a tenant; null unsets one
     * @description Needs the role `operator`.
     */
    patch: operations['patchTenant'];
    trace?: never;
  };
  '/admin/v1/tenants/{tenant_id}/agents': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the registered agents of a tenant
     * @description Needs the role `viewer`.
     */
    get: operations['listAgents'];
    put?: never;
    /**
     * Register an agent
     * @description Needs the role `operator`.
     */
    post: operations['createAgent'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/tenants/{tenant_id}/agents/{agent_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read an agent
     * @description Needs the role `viewer`.
     */
    get: operations['readAgent'];
    /**
     * Replace the budget and the limits of an agent
     * @description Needs the role `operator`.
     */
    put: operations['replaceAgent'];
    post?: never;
    /**
     * Remove an agent; keys that are bound to it stay bound
     * @description Needs the role `operator`.
     */
    delete: operations['deleteAgent'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/tenants/{tenant_id}/budget': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read where the budget of a tenant stands
     * @description `increase` is what increases in force at this moment add to `budget`; `forecast` is what the month is expected to have cost at its end. `settled` is what the ledger says. `held` is money of calls under way, which the gateways keep in Redis: null where the admin API cannot ask there, and `remaining` is then without it. Needs the role `viewer`.
     */
    get: operations['readBudget'];
    /**
     * Change the budget of a tenant; null follows the default, 0 lets nothing be spent
     * @description Needs the role `operator`.
     */
    put: operations['replaceBudget'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/tenants/{tenant_id}/budget/increases': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the increases of budgets of a tenant, oldest first, those that are over too
     * @description Needs the role `viewer`.
     */
    get: operations['listBudgetIncreases'];
    put?: never;
    /**
     * Raise the budget of a tenant, an agent or a key until a date
     * @description Several at a time add up. What has no budget has no limit, and gets none by this. Needs the role `operator`.
     */
    post: operations['createBudgetIncrease'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/tenants/{tenant_id}/budget/increases/{increase_id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Take an increase back, at once
     * @description Needs the role `operator`.
     */
    post: operations['cancelBudgetIncrease'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/tenants/{tenant_id}/effective-settings': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read every setting that holds for a tenant, and where it comes from
     * @description Needs the role `viewer`.
     */
    get: operations['readEffectiveSettings'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/tenants/{tenant_id}/keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * List the keys of a tenant, the revoked ones too
     * @description Needs the role `viewer`.
     */
    get: operations['listKeys'];
    put?: never;
    /**
     * Create a key
     * @description Needs the role `operator`.
     */
    post: operations['createKey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/tenants/{tenant_id}/keys/{key_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read a key
     * @description Needs the role `viewer`.
     */
    get: operations['readKey'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Change a key; null unsets a member
     * @description Needs the role `operator`.
     */
    patch: operations['patchKey'];
    trace?: never;
  };
  '/admin/v1/tenants/{tenant_id}/keys/{key_id}/revoke': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Revoke a key for ever, on every gateway within a second
     * @description Needs the role `operator`.
     */
    post: operations['revokeKey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/tenants/{tenant_id}/keys/{key_id}/rotate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Make a key like this one, which ends after an overlap
     * @description Needs the role `operator`.
     */
    post: operations['rotateKey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/tenants/{tenant_id}/policy': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Read the policy of a tenant
     * @description Needs the role `viewer`.
     */
    get: operations['readPolicy'];
    /**
     * Replace the policy of a tenant, or see what that would change
     * @description Needs the role `operator`.
     */
    put: operations['replacePolicy'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/tenants/{tenant_id}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Let a suspended tenant go on
     * @description Needs the role `operator`.
     */
    post: operations['resumeTenant'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/tenants/{tenant_id}/suspend': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Suspend a tenant: its keys are refused
     * @description Needs the role `operator`.
     */
    post: operations['suspendTenant'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/usage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Say what was used, exactly as the ledger says at this moment
     * @description By time bucket and any dimensions, in the order of these keys. Without bucket and dimensions it is one row; what was not used has no row. Needs the role `viewer`.
     */
    get: operations['readUsage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/admin/v1/usage/export': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Stream what was used, of any size, as of one moment
     * @description CSV has a line of headings and is safe to open in a spreadsheet; JSON lines have an object a line. An answer that ends without the last chunk of its transfer encoding is incomplete. At most four at once: 503 beyond. Needs the role `viewer`.
     */
    get: operations['exportUsage'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    Agent: {
      budget_nano_usd: number | null;
      budget_usd: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC.
       */
      created_at: string;
      id: string;
      max_concurrency: number | null;
      requests_per_minute: number | null;
      tenant_id: string;
      tokens_per_minute: number | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC.
       */
      updated_at: string;
    };
    AuditEntry: {
      action: string;
      actor: string;
      after: {
        [key: string]: unknown;
      } | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC.
       */
      at: string;
      before: {
        [key: string]: unknown;
      } | null;
      /** @description SHA-256 over the entry and the hash before it. */
      hash: string;
      request_id: string;
      seq: number;
      target_id: string;
      target_type: string;
      tenant_id: string | null;
    };
    AuditVerdict: {
      entries: number;
      fault: {
        /** @enum {string} */
        kind: 'missing' | 'changed' | 'unlinked';
        seq: number;
      } | null;
      /** @description Keep it elsewhere: it proves later that nothing before was rewritten. */
      head_hash: string;
      is_intact: boolean;
    };
    Budget: {
      budget_nano_usd: number | null;
      budget_usd: string | null;
      /** @description Complete days that the forecast was learned from. */
      forecast_days: number;
      forecast_nano_usd: number | null;
      forecast_usd: string | null;
      held_nano_usd: number | null;
      held_usd: string | null;
      increase_nano_usd: number | null;
      increase_usd: string | null;
      month: string;
      remaining_nano_usd: number | null;
      remaining_usd: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC.
       */
      resets_at: string;
      settled_nano_usd: number | null;
      settled_usd: string | null;
      /**
       * @description Whose the budget is.
       * @enum {string}
       */
      source: 'default' | 'database';
      tenant_id: string;
    };
    BudgetIncrease: {
      /** @description Whose budget; null: the tenant's, or a key's. */
      agent_id: string | null;
      amount_nano_usd: number | null;
      amount_usd: string | null;
      cancelled_at: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC.
       */
      created_at: string;
      created_by: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC.
       */
      ends_at: string;
      id: string;
      key_id: string | null;
      reason: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC.
       */
      starts_at: string;
      /** @enum {string} */
      status: 'scheduled' | 'active' | 'ended' | 'cancelled';
      tenant_id: string;
    };
    Invoice: {
      closed_at: string | null;
      closed_by: string | null;
      content_sha256: string | null;
      /** @constant */
      currency: 'USD';
      lines: {
        agent_id: string | null;
        calls: number;
        cost_nano_usd: number | null;
        cost_usd: string | null;
        input_tokens: number;
        /**
         * @description An adjustment is what has changed in a month since its invoice was closed.
         * @enum {string}
         */
        kind: 'usage' | 'adjustment';
        model: string;
        month: string;
        output_tokens: number;
        reasons: string[];
      }[];
      month: string;
      /** @enum {string} */
      status: 'draft' | 'closed';
      tenant_id: string;
      total_nano_usd: number | null;
      total_usd: string | null;
    };
    InvoiceSummary: {
      closed_at: string | null;
      closed_by: string | null;
      content_sha256: string | null;
      month: string;
      /** @enum {string} */
      status: 'draft' | 'closed';
      tenant_id: string;
      total_nano_usd: number | null;
      total_usd: string | null;
    };
    IssuedKey: {
      agent_id: string | null;
      budget_nano_usd: number | null;
      budget_usd: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC.
       */
      created_at: string;
      expires_at: string | null;
      /** @description The public part of the secret. */
      id: string;
      max_concurrency: number | null;
      name: string | null;
      requests_per_minute: number | null;
      revoked_at: string | null;
      /** @description The whole key. It is shown this once: a repeated request has null here. */
      secret: string | null;
      /** @enum {string} */
      status: 'active' | 'expired' | 'revoked';
      tenant_id: string;
      tokens_per_minute: number | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC.
       */
      updated_at: string;
    };
    Key: {
      agent_id: string | null;
      budget_nano_usd: number | null;
      budget_usd: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC.
       */
      created_at: string;
      expires_at: string | null;
      /** @description The public part of the secret. */
      id: string;
      max_concurrency: number | null;
      name: string | null;
      requests_per_minute: number | null;
      revoked_at: string | null;
      /** @enum {string} */
      status: 'active' | 'expired' | 'revoked';
      tenant_id: string;
      tokens_per_minute: number | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC.
       */
      updated_at: string;
    };
    KeyInput: {
      /** @description The only agent that it may act for. */
      agent_id?: string | null;
      budget_nano_usd?: number | null;
      budget_usd?: string | null;
      expires_at?: string | null;
      /** @description Calls at the same time. */
      max_concurrency?: number | null;
      name?: string | null;
      requests_per_minute?: number | null;
      /** @description Input and output together. */
      tokens_per_minute?: number | null;
    };
    LedgerEntry: {
      corrections: {
        attempt: number;
        corrected: {
          cache_write_tokens: number;
          cached_input_tokens: number;
          cost_nano_usd: number | null;
          cost_usd: string | null;
          input_audio_tokens: number;
          input_tokens: number;
          output_audio_tokens: number;
          output_tokens: number;
          status: string;
        };
        /**
         * Format: date-time
         * @description RFC 3339, in UTC.
         */
        corrected_at: string;
        corrected_by: string;
        difference_nano_usd: number | null;
        difference_usd: string | null;
        presumed: {
          cache_write_tokens: number;
          cached_input_tokens: number;
          cost_nano_usd: number | null;
          cost_usd: string | null;
          input_audio_tokens: number;
          input_tokens: number;
          output_audio_tokens: number;
          output_tokens: number;
          status: string;
        };
        reason: string;
      }[];
      events: {
        agent_id: string | null;
        /**
         * Format: date-time
         * @description RFC 3339, in UTC.
         */
        at: string;
        /** @description 0 ended the request; 1, 2, … are failed tries before it. */
        attempt: number;
        cache_write_tokens: number;
        cached_input_tokens: number;
        config_hash: string;
        cost_nano_usd: number | null;
        cost_usd: string | null;
        error_code: string | null;
        first_token_ms: number | null;
        input_audio_tokens: number;
        input_tokens: number;
        key_id: string;
        latency_ms: number;
        model: string;
        model_asked: string;
        model_provider: string;
        month: string;
        output_audio_tokens: number;
        output_tokens: number;
        price_version: string;
        run_id: string | null;
        /** @enum {string} */
        status: 'completed' | 'aborted' | 'failed' | 'presumed';
        streamed: boolean;
        task_type: string | null;
        tenant_id: string;
        /** @enum {string} */
        usage_source: 'reported' | 'counted' | 'none';
      }[];
      request_id: string;
    };
    Model: {
      /** @description Whether gateways with this environment can call it. */
      can_be_called: boolean;
      context_window: number | null;
      id: string;
      max_output_tokens: number | null;
      model_provider: string;
      price_version: string;
      /** @description Null: no price is known. */
      prices:
        | {
            /** @description The price holds for requests with more input than this. */
            above_input_tokens: number;
            /** @description Pico-dollars (1e-12 $) for a token, which is dollars for a million tokens times a million. */
            cache_write_pico_usd: number;
            cache_write_usd_per_million: string;
            /** @description Pico-dollars (1e-12 $) for a token, which is dollars for a million tokens times a million. */
            cached_input_pico_usd: number;
            cached_input_usd_per_million: string;
            /** @description Pico-dollars (1e-12 $) for a token, which is dollars for a million tokens times a million. */
            input_pico_usd: number;
            input_usd_per_million: string;
            /** @description Pico-dollars (1e-12 $) for a token, which is dollars for a million tokens times a million. */
            output_pico_usd: number;
            output_usd_per_million: string;
          }[]
        | null;
    };
    OperatorToken: {
      /**
       * Format: date-time
       * @description RFC 3339, in UTC.
       */
      created_at: string;
      created_by: string;
      expires_at: string | null;
      /** @description The public part of the token. */
      id: string;
      /** @description To the minute. */
      last_used_at: string | null;
      name: string;
      revoked_at: string | null;
      /** @enum {string} */
      role: 'viewer' | 'operator' | 'admin';
      /** @enum {string} */
      status: 'active' | 'expired' | 'revoked';
      /**
       * Format: date-time
       * @description RFC 3339, in UTC.
       */
      updated_at: string;
    };
    Policy: {
      allow_expensive: boolean | null;
      allowed_models: string[] | null;
      default_model: string | null;
      fallback_model: string | null;
      max_concurrency: number | null;
      max_cost_per_request_nano_usd: number | null;
      max_cost_per_request_usd: string | null;
      model_aliases: {
        [key: string]: string;
      } | null;
      requests_per_minute: number | null;
      run_budget_nano_usd: number | null;
      run_budget_usd: string | null;
      task_models: {
        [key: string]: string;
      } | null;
      tokens_per_minute: number | null;
    };
    PolicyInput: {
      allow_expensive?: boolean | null;
      /** @description Models it may use; `*` stands for any characters. Null: all. */
      allowed_models?: string[] | null;
      /** @description What `auto` stands for; may be an alias. */
      default_model?: string | null;
      /** @description A model, an alias, or `none`. */
      fallback_model?: string | null;
      /** @description Calls at the same time. */
      max_concurrency?: number | null;
      max_cost_per_request_nano_usd?: number | null;
      max_cost_per_request_usd?: string | null;
      /** @description Models by names of its own. */
      model_aliases?: {
        [key: string]: string;
      } | null;
      requests_per_minute?: number | null;
      run_budget_nano_usd?: number | null;
      run_budget_usd?: string | null;
      /** @description What `auto` stands for, by task type. */
      task_models?: {
        [key: string]: string;
      } | null;
      /** @description Input and output together. */
      tokens_per_minute?: number | null;
    };
    /** @description What went wrong. */
    Problem: {
      /** @description Stable; docs/errors.md lists them all. */
      code: string;
      detail: string;
      /** @description Every member of the request that is not legal. */
      errors?: {
        path: string;
        problem: string;
      }[];
      request_id: string;
      status: number;
      title: string;
      /** @description `urn:tollgate:error:` and the code. */
      type: string;
    } & {
      [key: string]: unknown;
    };
    Resolution: {
      /** @description With which code the call would be refused. */
      code: string | null;
      fallback_model: string | null;
      is_callable: boolean;
      model: string | null;
      model_asked: string;
      model_provider: string | null;
      task_type: string | null;
      tenant_id: string;
      why: string[];
    };
    Session: {
      /** @description What each change has to carry in the header x-csrf-token. */
      csrf_token: string;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC.
       */
      expires_at: string;
      /** @description Of whoever it lets in. */
      name: string;
      /** @enum {string} */
      role: 'viewer' | 'operator' | 'admin';
    };
    Tenant: {
      allow_expensive: boolean | null;
      allowed_models: string[] | null;
      budget_nano_usd: number | null;
      budget_usd: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC.
       */
      created_at: string;
      default_model: string | null;
      fallback_model: string | null;
      id: string;
      max_concurrency: number | null;
      max_cost_per_request_nano_usd: number | null;
      max_cost_per_request_usd: string | null;
      model_aliases: {
        [key: string]: string;
      } | null;
      requests_per_minute: number | null;
      run_budget_nano_usd: number | null;
      run_budget_usd: string | null;
      /** @enum {string} */
      status: 'active' | 'suspended';
      suspended_at: string | null;
      task_models: {
        [key: string]: string;
      } | null;
      tokens_per_minute: number | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC.
       */
      updated_at: string;
    };
    TenantSettings: {
      allow_expensive?: boolean | null;
      /** @description Models it may use; `*` stands for any characters. Null: all. */
      allowed_models?: string[] | null;
      budget_nano_usd?: number | null;
      budget_usd?: string | null;
      /** @description What `auto` stands for; may be an alias. */
      default_model?: string | null;
      /** @description A model, an alias, or `none`. */
      fallback_model?: string | null;
      /** @description Calls at the same time. */
      max_concurrency?: number | null;
      max_cost_per_request_nano_usd?: number | null;
      max_cost_per_request_usd?: string | null;
      /** @description Models by names of its own. */
      model_aliases?: {
        [key: string]: string;
      } | null;
      requests_per_minute?: number | null;
      run_budget_nano_usd?: number | null;
      run_budget_usd?: string | null;
      /** @description What `auto` stands for, by task type. */
      task_models?: {
        [key: string]: string;
      } | null;
      /** @description Input and output together. */
      tokens_per_minute?: number | null;
    };
    Usage: {
      agent_id?: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, in UTC.
       */
      bucket?: string;
      cache_write_tokens: number;
      cached_input_tokens: number;
      /** @description Requests that ended there. */
      calls: number;
      cost_nano_usd: number | null;
      cost_usd: string | null;
      input_audio_tokens: number;
      input_tokens: number;
      key_id?: string | null;
      model?: string | null;
      model_provider?: string | null;
      output_audio_tokens: number;
      output_tokens: number;
      status?: string | null;
      task_type?: string | null;
      tenant_id?: string | null;
      /** @description Upstream calls, failed tries included. */
      tries: number;
    };
    WebhookDelivery: {
      attempts: {
        /**
         * Format: date-time
         * @description RFC 3339, in UTC.
         */
        at: string;
        attempt: number;
        duration_ms: number;
        error: string | null;
        /** @description The beginning of the answer. */
        response: string | null;
        status: number | null;
      }[];
      /**
       * Format: date-time
       * @description RFC 3339, in UTC.
       */
      created_at: string;
      data: {
        [key: string]: unknown;
      };
      /** @description The `webhook-id`. */
      id: string;
      next_attempt_at: string | null;
      /** @enum {string} */
      state: 'pending' | 'delivered' | 'failed';
      type: string;
    };
    WebhookEndpoint: {
      /**
       * Format: date-time
       * @description RFC 3339, in UTC.
       */
      created_at: string;
      id: string;
      is_enabled: boolean;
      /** @description Null: the alerts of all tenants. */
      tenant_id: string | null;
      /** @description In percent of a budget. */
      thresholds: number[];
      url: string;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  listWebhookEndpoints: {
    parameters: {
      query?: {
        /** @description The `next_cursor` of the page before. Absent: the first page. */
        cursor?: string;
        /** @description 1 to 1000; 100 unless it is given. */
        limit?: string;
        tenant_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /**
               * Format: date-time
               * @description RFC 3339, in UTC.
               */
              created_at: string;
              id: string;
              is_enabled: boolean;
              /** @description Null: the alerts of all tenants. */
              tenant_id: string | null;
              /** @description In percent of a budget. */
              thresholds: number[];
              url: string;
            }[];
            /** @description Null on the last page. */
            next_cursor: string | null;
          };
        };
      };
    };
  };
  createWebhookEndpoint: {
    parameters: {
      query?: never;
      header: {
        /** @description New for each action; sent again with the same request, it gets the same answer. */
        'Idempotency-Key': string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          tenant_id?: string | null;
          thresholds?: (50 | 80 | 100)[];
          url: string;
        };
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /**
             * Format: date-time
             * @description RFC 3339, in UTC.
             */
            created_at: string;
            id: string;
            is_enabled: boolean;
            /** @description What messages are signed with. It is shown this once. */
            secret: string | null;
            /** @description Null: the alerts of all tenants. */
            tenant_id: string | null;
            /** @description In percent of a budget. */
            thresholds: number[];
            url: string;
          };
        };
      };
    };
  };
  readWebhookEndpoint: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        endpoint_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEndpoint'];
        };
      };
    };
  };
  deleteWebhookEndpoint: {
    parameters: {
      query?: never;
      header: {
        /** @description The ETag of the edition that is changed. */
        'If-Match': string;
      };
      path: {
        endpoint_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  patchWebhookEndpoint: {
    parameters: {
      query?: never;
      header: {
        /** @description The ETag of the edition that is changed. */
        'If-Match': string;
      };
      path: {
        endpoint_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          is_enabled?: boolean;
          thresholds?: (50 | 80 | 100)[];
          url?: string;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookEndpoint'];
        };
      };
    };
  };
  listWebhookDeliveries: {
    parameters: {
      query?: {
        /** @description The `next_cursor` of the page before. Absent: the first page. */
        cursor?: string;
        /** @description 1 to 1000; 100 unless it is given. */
        limit?: string;
      };
      header?: never;
      path: {
        endpoint_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              attempts: {
                /**
                 * Format: date-time
                 * @description RFC 3339, in UTC.
                 */
                at: string;
                attempt: number;
                duration_ms: number;
                error: string | null;
                /** @description The beginning of the answer. */
                response: string | null;
                status: number | null;
              }[];
              /**
               * Format: date-time
               * @description RFC 3339, in UTC.
               */
              created_at: string;
              data: {
                [key: string]: unknown;
              };
              /** @description The `webhook-id`. */
              id: string;
              next_attempt_at: string | null;
              /** @enum {string} */
              state: 'pending' | 'delivered' | 'failed';
              type: string;
            }[];
            /** @description Null on the last page. */
            next_cursor: string | null;
          };
        };
      };
    };
  };
  retryWebhookDelivery: {
    parameters: {
      query?: never;
      header: {
        /** @description New for each action; sent again with the same request, it gets the same answer. */
        'Idempotency-Key': string;
      };
      path: {
        delivery_id: string;
        endpoint_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDelivery'];
        };
      };
    };
  };
  testWebhookEndpoint: {
    parameters: {
      query?: never;
      header: {
        /** @description New for each action; sent again with the same request, it gets the same answer. */
        'Idempotency-Key': string;
      };
      path: {
        endpoint_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WebhookDelivery'];
        };
      };
    };
  };
  listAudit: {
    parameters: {
      query?: {
        action?: string;
        actor?: string;
        /** @description The `next_cursor` of the page before. Absent: the first page. */
        cursor?: string;
        /** @description 1 to 1000; 100 unless it is given. */
        limit?: string;
        /** @description Inclusive. */
        since?: string;
        target_id?: string;
        target_type?: string;
        tenant_id?: string;
        /** @description Exclusive. */
        until?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              action: string;
              actor: string;
              after: {
                [key: string]: unknown;
              } | null;
              /**
               * Format: date-time
               * @description RFC 3339, in UTC.
               */
              at: string;
              before: {
                [key: string]: unknown;
              } | null;
              /** @description SHA-256 over the entry and the hash before it. */
              hash: string;
              request_id: string;
              seq: number;
              target_id: string;
              target_type: string;
              tenant_id: string | null;
            }[];
            /** @description Null on the last page. */
            next_cursor: string | null;
          };
        };
      };
    };
  };
  verifyAudit: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AuditVerdict'];
        };
      };
    };
  };
  listInvoices: {
    parameters: {
      query?: {
        /** @description The `next_cursor` of the page before. Absent: the first page. */
        cursor?: string;
        /** @description 1 to 1000; 100 unless it is given. */
        limit?: string;
        month?: string;
        tenant_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              closed_at: string | null;
              closed_by: string | null;
              content_sha256: string | null;
              month: string;
              /** @enum {string} */
              status: 'draft' | 'closed';
              tenant_id: string;
              total_nano_usd: number | null;
              total_usd: string | null;
            }[];
            /** @description Null on the last page. */
            next_cursor: string | null;
          };
        };
      };
    };
  };
  readInvoice: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        month: string;
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Invoice'];
        };
      };
    };
  };
  renderInvoice: {
    parameters: {
      query?: {
        format?: 'csv' | 'html';
      };
      header?: never;
      path: {
        month: string;
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/csv': string;
          'text/html': string;
        };
      };
    };
  };
  closeInvoices: {
    parameters: {
      query?: never;
      header: {
        /** @description New for each action; sent again with the same request, it gets the same answer. */
        'Idempotency-Key': string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          month: string;
          tenant_id?: string | null;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              closed_at: string | null;
              closed_by: string | null;
              content_sha256: string | null;
              month: string;
              /** @enum {string} */
              status: 'draft' | 'closed';
              tenant_id: string;
              total_nano_usd: number | null;
              total_usd: string | null;
            }[];
          };
        };
      };
    };
  };
  readLedgerEntry: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        request_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LedgerEntry'];
        };
      };
    };
  };
  correctLedgerEntry: {
    parameters: {
      query?: never;
      header: {
        /** @description New for each action; sent again with the same request, it gets the same answer. */
        'Idempotency-Key': string;
      };
      path: {
        request_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          attempt?: number;
          cost_nano_usd?: number | null;
          cost_usd?: string | null;
          reason: string;
          /** @enum {string} */
          status: 'completed' | 'aborted' | 'failed';
          tokens?: {
            cache_write_tokens?: number;
            cached_input_tokens?: number;
            input_audio_tokens?: number;
            input_tokens: number;
            output_audio_tokens?: number;
            output_tokens: number;
          };
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['LedgerEntry'];
        };
      };
    };
  };
  listModels: {
    parameters: {
      query?: {
        /** @description The `next_cursor` of the page before. Absent: the first page. */
        cursor?: string;
        /** @description 1 to 1000; 100 unless it is given. */
        limit?: string;
        search?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** @description Whether gateways with this environment can call it. */
              can_be_called: boolean;
              context_window: number | null;
              id: string;
              max_output_tokens: number | null;
              model_provider: string;
              price_version: string;
              /** @description Null: no price is known. */
              prices:
                | {
                    /** @description The price holds for requests with more input than this. */
                    above_input_tokens: number;
                    /** @description Pico-dollars (1e-12 $) for a token, which is dollars for a million tokens times a million. */
                    cache_write_pico_usd: number;
                    cache_write_usd_per_million: string;
                    /** @description Pico-dollars (1e-12 $) for a token, which is dollars for a million tokens times a million. */
                    cached_input_pico_usd: number;
                    cached_input_usd_per_million: string;
                    /** @description Pico-dollars (1e-12 $) for a token, which is dollars for a million tokens times a million. */
                    input_pico_usd: number;
                    input_usd_per_million: string;
                    /** @description Pico-dollars (1e-12 $) for a token, which is dollars for a million tokens times a million. */
                    output_pico_usd: number;
                    output_usd_per_million: string;
                  }[]
                | null;
            }[];
            /** @description Null on the last page. */
            next_cursor: string | null;
          };
        };
      };
    };
  };
  resolveModel: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /** @default auto */
          model?: string;
          /** @default null */
          task_type?: string | null;
          tenant_id: string;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Resolution'];
        };
      };
    };
  };
  readSelf: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            id: string;
            /** @enum {string} */
            role: 'viewer' | 'operator' | 'admin';
          };
        };
      };
    };
  };
  listOperatorTokens: {
    parameters: {
      query?: {
        /** @description The `next_cursor` of the page before. Absent: the first page. */
        cursor?: string;
        /** @description 1 to 1000; 100 unless it is given. */
        limit?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /**
               * Format: date-time
               * @description RFC 3339, in UTC.
               */
              created_at: string;
              created_by: string;
              expires_at: string | null;
              /** @description The public part of the token. */
              id: string;
              /** @description To the minute. */
              last_used_at: string | null;
              name: string;
              revoked_at: string | null;
              /** @enum {string} */
              role: 'viewer' | 'operator' | 'admin';
              /** @enum {string} */
              status: 'active' | 'expired' | 'revoked';
              /**
               * Format: date-time
               * @description RFC 3339, in UTC.
               */
              updated_at: string;
            }[];
            /** @description Null on the last page. */
            next_cursor: string | null;
          };
        };
      };
    };
  };
  createOperatorToken: {
    parameters: {
      query?: never;
      header: {
        /** @description New for each action; sent again with the same request, it gets the same answer. */
        'Idempotency-Key': string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          expires_at?: string | null;
          name: string;
          /** @enum {string} */
          role: 'viewer' | 'operator' | 'admin';
        };
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /**
             * Format: date-time
             * @description RFC 3339, in UTC.
             */
            created_at: string;
            created_by: string;
            expires_at: string | null;
            /** @description The public part of the token. */
            id: string;
            /** @description To the minute. */
            last_used_at: string | null;
            name: string;
            revoked_at: string | null;
            /** @enum {string} */
            role: 'viewer' | 'operator' | 'admin';
            /** @description The whole token. It is shown this once: a repeated request has null here. */
            secret: string | null;
            /** @enum {string} */
            status: 'active' | 'expired' | 'revoked';
            /**
             * Format: date-time
             * @description RFC 3339, in UTC.
             */
            updated_at: string;
          };
        };
      };
    };
  };
  readOperatorToken: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        token_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OperatorToken'];
        };
      };
    };
  };
  revokeOperatorToken: {
    parameters: {
      query?: never;
      header: {
        /** @description New for each action; sent again with the same request, it gets the same answer. */
        'Idempotency-Key': string;
        /** @description The ETag of the edition that is changed. */
        'If-Match': string;
      };
      path: {
        token_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OperatorToken'];
        };
      };
    };
  };
  readSession: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
    };
  };
  openSession: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          token: string;
        };
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Session'];
        };
      };
    };
  };
  closeSession: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  listTenants: {
    parameters: {
      query?: {
        /** @description The `next_cursor` of the page before. Absent: the first page. */
        cursor?: string;
        /** @description 1 to 1000; 100 unless it is given. */
        limit?: string;
        /** @description A part of the id. */
        search?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              allow_expensive: boolean | null;
              allowed_models: string[] | null;
              budget_nano_usd: number | null;
              budget_usd: string | null;
              /**
               * Format: date-time
               * @description RFC 3339, in UTC.
               */
              created_at: string;
              default_model: string | null;
              fallback_model: string | null;
              id: string;
              max_concurrency: number | null;
              max_cost_per_request_nano_usd: number | null;
              max_cost_per_request_usd: string | null;
              model_aliases: {
                [key: string]: string;
              } | null;
              requests_per_minute: number | null;
              run_budget_nano_usd: number | null;
              run_budget_usd: string | null;
              /** @enum {string} */
              status: 'active' | 'suspended';
              suspended_at: string | null;
              task_models: {
                [key: string]: string;
              } | null;
              tokens_per_minute: number | null;
              /**
               * Format: date-time
               * @description RFC 3339, in UTC.
               */
              updated_at: string;
            }[];
            /** @description Null on the last page. */
            next_cursor: string | null;
          };
        };
      };
    };
  };
  createTenant: {
    parameters: {
      query?: never;
      header: {
        /** @description New for each action; sent again with the same request, it gets the same answer. */
        'Idempotency-Key': string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          allow_expensive?: boolean | null;
          /** @description Models it may use; `*` stands for any characters. Null: all. */
          allowed_models?: string[] | null;
          budget_nano_usd?: number | null;
          budget_usd?: string | null;
          /** @description What `auto` stands for; may be an alias. */
          default_model?: string | null;
          /** @description A model, an alias, or `none`. */
          fallback_model?: string | null;
          id: string;
          /** @description Calls at the same time. */
          max_concurrency?: number | null;
          max_cost_per_request_nano_usd?: number | null;
          max_cost_per_request_usd?: string | null;
          /** @description Models by names of its own. */
          model_aliases?: {
            [key: string]: string;
          } | null;
          requests_per_minute?: number | null;
          run_budget_nano_usd?: number | null;
          run_budget_usd?: string | null;
          /** @description What `auto` stands for, by task type. */
          task_models?: {
            [key: string]: string;
          } | null;
          /** @description Input and output together. */
          tokens_per_minute?: number | null;
        };
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Tenant'];
        };
      };
    };
  };
  readTenant: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Tenant'];
        };
      };
    };
  };
  replaceTenant: {
    parameters: {
      query?: never;
      header: {
        /** @description The ETag of the edition that is changed. */
        'If-Match': string;
      };
      path: {
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['TenantSettings'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Tenant'];
        };
      };
    };
  };
  deleteTenant: {
    parameters: {
      query?: never;
      header: {
        /** @description The ETag of the edition that is changed. */
        'If-Match': string;
      };
      path: {
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  patchTenant: {
    parameters: {
      query?: never;
      header: {
        /** @description The ETag of the edition that is changed. */
        'If-Match': string;
      };
      path: {
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['TenantSettings'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Tenant'];
        };
      };
    };
  };
  listAgents: {
    parameters: {
      query?: {
        /** @description The `next_cursor` of the page before. Absent: the first page. */
        cursor?: string;
        /** @description 1 to 1000; 100 unless it is given. */
        limit?: string;
      };
      header?: never;
      path: {
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              budget_nano_usd: number | null;
              budget_usd: string | null;
              /**
               * Format: date-time
               * @description RFC 3339, in UTC.
               */
              created_at: string;
              id: string;
              max_concurrency: number | null;
              requests_per_minute: number | null;
              tenant_id: string;
              tokens_per_minute: number | null;
              /**
               * Format: date-time
               * @description RFC 3339, in UTC.
               */
              updated_at: string;
            }[];
            /** @description Null on the last page. */
            next_cursor: string | null;
          };
        };
      };
    };
  };
  createAgent: {
    parameters: {
      query?: never;
      header: {
        /** @description New for each action; sent again with the same request, it gets the same answer. */
        'Idempotency-Key': string;
      };
      path: {
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          budget_nano_usd?: number | null;
          budget_usd?: string | null;
          id: string;
          /** @description Calls at the same time. */
          max_concurrency?: number | null;
          requests_per_minute?: number | null;
          /** @description Input and output together. */
          tokens_per_minute?: number | null;
        };
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Agent'];
        };
      };
    };
  };
  readAgent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        agent_id: string;
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Agent'];
        };
      };
    };
  };
  replaceAgent: {
    parameters: {
      query?: never;
      header: {
        /** @description The ETag of the edition that is changed. */
        'If-Match': string;
      };
      path: {
        agent_id: string;
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          budget_nano_usd?: number | null;
          budget_usd?: string | null;
          /** @description Calls at the same time. */
          max_concurrency?: number | null;
          requests_per_minute?: number | null;
          /** @description Input and output together. */
          tokens_per_minute?: number | null;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Agent'];
        };
      };
    };
  };
  deleteAgent: {
    parameters: {
      query?: never;
      header: {
        /** @description The ETag of the edition that is changed. */
        'If-Match': string;
      };
      path: {
        agent_id: string;
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
    };
  };
  readBudget: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Budget'];
        };
      };
    };
  };
  replaceBudget: {
    parameters: {
      query?: never;
      header: {
        /** @description The ETag of the edition that is changed. */
        'If-Match': string;
      };
      path: {
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          budget_nano_usd?: number | null;
          budget_usd?: string | null;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Budget'];
        };
      };
    };
  };
  listBudgetIncreases: {
    parameters: {
      query?: {
        /** @description The `next_cursor` of the page before. Absent: the first page. */
        cursor?: string;
        /** @description 1 to 1000; 100 unless it is given. */
        limit?: string;
      };
      header?: never;
      path: {
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              /** @description Whose budget; null: the tenant's, or a key's. */
              agent_id: string | null;
              amount_nano_usd: number | null;
              amount_usd: string | null;
              cancelled_at: string | null;
              /**
               * Format: date-time
               * @description RFC 3339, in UTC.
               */
              created_at: string;
              created_by: string;
              /**
               * Format: date-time
               * @description RFC 3339, in UTC.
               */
              ends_at: string;
              id: string;
              key_id: string | null;
              reason: string;
              /**
               * Format: date-time
               * @description RFC 3339, in UTC.
               */
              starts_at: string;
              /** @enum {string} */
              status: 'scheduled' | 'active' | 'ended' | 'cancelled';
              tenant_id: string;
            }[];
            /** @description Null on the last page. */
            next_cursor: string | null;
          };
        };
      };
    };
  };
  createBudgetIncrease: {
    parameters: {
      query?: never;
      header: {
        /** @description New for each action; sent again with the same request, it gets the same answer. */
        'Idempotency-Key': string;
      };
      path: {
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          agent_id?: string | null;
          amount_nano_usd?: number | null;
          amount_usd?: string | null;
          /** Format: date-time */
          ends_at: string;
          key_id?: string | null;
          reason: string;
          /** @description Default: now. */
          starts_at?: string | null;
        };
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BudgetIncrease'];
        };
      };
    };
  };
  cancelBudgetIncrease: {
    parameters: {
      query?: never;
      header: {
        /** @description New for each action; sent again with the same request, it gets the same answer. */
        'Idempotency-Key': string;
      };
      path: {
        increase_id: string;
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BudgetIncrease'];
        };
      };
    };
  };
  readEffectiveSettings: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description As it stands beside each usage event. */
            config_hash: string;
            settings: {
              [key: string]: {
                /** @enum {string} */
                source: 'default' | 'env' | 'vault' | 'database';
                value: unknown;
              };
            };
            tenant_id: string;
          };
        };
      };
    };
  };
  listKeys: {
    parameters: {
      query?: {
        /** @description The `next_cursor` of the page before. Absent: the first page. */
        cursor?: string;
        /** @description 1 to 1000; 100 unless it is given. */
        limit?: string;
      };
      header?: never;
      path: {
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              agent_id: string | null;
              budget_nano_usd: number | null;
              budget_usd: string | null;
              /**
               * Format: date-time
               * @description RFC 3339, in UTC.
               */
              created_at: string;
              expires_at: string | null;
              /** @description The public part of the secret. */
              id: string;
              max_concurrency: number | null;
              name: string | null;
              requests_per_minute: number | null;
              revoked_at: string | null;
              /** @enum {string} */
              status: 'active' | 'expired' | 'revoked';
              tenant_id: string;
              tokens_per_minute: number | null;
              /**
               * Format: date-time
               * @description RFC 3339, in UTC.
               */
              updated_at: string;
            }[];
            /** @description Null on the last page. */
            next_cursor: string | null;
          };
        };
      };
    };
  };
  createKey: {
    parameters: {
      query?: never;
      header: {
        /** @description New for each action; sent again with the same request, it gets the same answer. */
        'Idempotency-Key': string;
      };
      path: {
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['KeyInput'];
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['IssuedKey'];
        };
      };
    };
  };
  readKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        key_id: string;
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Key'];
        };
      };
    };
  };
  patchKey: {
    parameters: {
      query?: never;
      header: {
        /** @description The ETag of the edition that is changed. */
        'If-Match': string;
      };
      path: {
        key_id: string;
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['KeyInput'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Key'];
        };
      };
    };
  };
  revokeKey: {
    parameters: {
      query?: never;
      header: {
        /** @description New for each action; sent again with the same request, it gets the same answer. */
        'Idempotency-Key': string;
        /** @description The ETag of the edition that is changed. */
        'If-Match': string;
      };
      path: {
        key_id: string;
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Key'];
        };
      };
    };
  };
  rotateKey: {
    parameters: {
      query?: never;
      header: {
        /** @description New for each action; sent again with the same request, it gets the same answer. */
        'Idempotency-Key': string;
        /** @description The ETag of the edition that is changed. */
        'If-Match': string;
      };
      path: {
        key_id: string;
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': {
          /**
           * @description How long the old key goes on working. 0: it is revoked at once.
           * @default 86400
           */
          overlap_seconds?: number;
        };
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            key: {
              agent_id: string | null;
              budget_nano_usd: number | null;
              budget_usd: string | null;
              /**
               * Format: date-time
               * @description RFC 3339, in UTC.
               */
              created_at: string;
              expires_at: string | null;
              /** @description The public part of the secret. */
              id: string;
              max_concurrency: number | null;
              name: string | null;
              requests_per_minute: number | null;
              revoked_at: string | null;
              /** @description The whole key. It is shown this once: a repeated request has null here. */
              secret: string | null;
              /** @enum {string} */
              status: 'active' | 'expired' | 'revoked';
              tenant_id: string;
              tokens_per_minute: number | null;
              /**
               * Format: date-time
               * @description RFC 3339, in UTC.
               */
              updated_at: string;
            };
            replaced: {
              agent_id: string | null;
              budget_nano_usd: number | null;
              budget_usd: string | null;
              /**
               * Format: date-time
               * @description RFC 3339, in UTC.
               */
              created_at: string;
              expires_at: string | null;
              /** @description The public part of the secret. */
              id: string;
              max_concurrency: number | null;
              name: string | null;
              requests_per_minute: number | null;
              revoked_at: string | null;
              /** @enum {string} */
              status: 'active' | 'expired' | 'revoked';
              tenant_id: string;
              tokens_per_minute: number | null;
              /**
               * Format: date-time
               * @description RFC 3339, in UTC.
               */
              updated_at: string;
            };
          };
        };
      };
    };
  };
  readPolicy: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Policy'];
        };
      };
    };
  };
  replacePolicy: {
    parameters: {
      query?: {
        /** @description `true`: changes nothing. */
        dry_run?: 'true' | 'false';
      };
      header: {
        /** @description The ETag of the edition that is changed. */
        'If-Match': string;
      };
      path: {
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PolicyInput'];
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            changes: {
              after: unknown;
              before: unknown;
              setting: string;
            }[];
            dry_run: boolean;
            policy: {
              allow_expensive: boolean | null;
              allowed_models: string[] | null;
              default_model: string | null;
              fallback_model: string | null;
              max_concurrency: number | null;
              max_cost_per_request_nano_usd: number | null;
              max_cost_per_request_usd: string | null;
              model_aliases: {
                [key: string]: string;
              } | null;
              requests_per_minute: number | null;
              run_budget_nano_usd: number | null;
              run_budget_usd: string | null;
              task_models: {
                [key: string]: string;
              } | null;
              tokens_per_minute: number | null;
            };
            warnings: {
              problem: string;
              setting: string;
            }[];
          };
        };
      };
    };
  };
  resumeTenant: {
    parameters: {
      query?: never;
      header: {
        /** @description New for each action; sent again with the same request, it gets the same answer. */
        'Idempotency-Key': string;
        /** @description The ETag of the edition that is changed. */
        'If-Match': string;
      };
      path: {
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Tenant'];
        };
      };
    };
  };
  suspendTenant: {
    parameters: {
      query?: never;
      header: {
        /** @description New for each action; sent again with the same request, it gets the same answer. */
        'Idempotency-Key': string;
        /** @description The ETag of the edition that is changed. */
        'If-Match': string;
      };
      path: {
        tenant_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          /** @description The edition. */
          ETag?: string;
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Tenant'];
        };
      };
    };
  };
  readUsage: {
    parameters: {
      query?: {
        /** @description Repeat it for any of several; empty: calls that have none. */
        agent_id?: string | string[];
        bucket?: 'hour' | 'day' | 'month';
        /** @description The `next_cursor` of the page before. Absent: the first page. */
        cursor?: string;
        /** @description The first hour. Default: the beginning of this calendar month (UTC). */
        from?: string;
        /** @description Names out of tenant_id, agent_id, key_id, model, model_provider, status, task_type, separated by commas. */
        group_by?: string;
        /** @description Repeat it for any of several; empty: calls that have none. */
        key_id?: string | string[];
        /** @description 1 to 1000; 100 unless it is given. */
        limit?: string;
        /** @description Repeat it for any of several; empty: calls that have none. */
        model?: string | string[];
        /** @description Repeat it for any of several; empty: calls that have none. */
        model_provider?: string | string[];
        /** @description Repeat it for any of several; empty: calls that have none. */
        status?: string | string[];
        /** @description Repeat it for any of several; empty: calls that have none. */
        task_type?: string | string[];
        /** @description Repeat it for any of several; empty: calls that have none. */
        tenant_id?: string | string[];
        /** @description The hour after the last. Default: the end of this hour. */
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            data: {
              agent_id?: string | null;
              /**
               * Format: date-time
               * @description RFC 3339, in UTC.
               */
              bucket?: string;
              cache_write_tokens: number;
              cached_input_tokens: number;
              /** @description Requests that ended there. */
              calls: number;
              cost_nano_usd: number | null;
              cost_usd: string | null;
              input_audio_tokens: number;
              input_tokens: number;
              key_id?: string | null;
              model?: string | null;
              model_provider?: string | null;
              output_audio_tokens: number;
              output_tokens: number;
              status?: string | null;
              task_type?: string | null;
              tenant_id?: string | null;
              /** @description Upstream calls, failed tries included. */
              tries: number;
            }[];
            /** @description Null on the last page. */
            next_cursor: string | null;
          };
        };
      };
    };
  };
  exportUsage: {
    parameters: {
      query?: {
        /** @description Repeat it for any of several; empty: calls that have none. */
        agent_id?: string | string[];
        bucket?: 'hour' | 'day' | 'month';
        format?: 'csv' | 'jsonl';
        /** @description The first hour. Default: the beginning of this calendar month (UTC). */
        from?: string;
        /** @description Names out of tenant_id, agent_id, key_id, model, model_provider, status, task_type, separated by commas. */
        group_by?: string;
        /** @description Repeat it for any of several; empty: calls that have none. */
        key_id?: string | string[];
        /** @description Repeat it for any of several; empty: calls that have none. */
        model?: string | string[];
        /** @description Repeat it for any of several; empty: calls that have none. */
        model_provider?: string | string[];
        /** @description Repeat it for any of several; empty: calls that have none. */
        status?: string | string[];
        /** @description Repeat it for any of several; empty: calls that have none. */
        task_type?: string | string[];
        /** @description Repeat it for any of several; empty: calls that have none. */
        tenant_id?: string | string[];
        /** @description The hour after the last. Default: the end of this hour. */
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/x-ndjson': string;
          'text/csv': string;
        };
      };
    };
  };
}
