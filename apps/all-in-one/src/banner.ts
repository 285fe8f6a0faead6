/** What a newcomer needs to know of a running all-in-one. */
export interface BannerFacts {
  readonly url: string;
  readonly offloaderUrl: string;
  readonly adminUrl: string;
  /** Undefined when the environment brings its own. */
  readonly adminToken: string | undefined;
  /** Where finished checkpoints go. */
  readonly archive: string;
  /** Undefined when the environment brings its own tenants. */
  readonly demoKey: string | undefined;
  readonly databaseUrl: string;
  readonly dataFolder: string;
  readonly stub: boolean;
}

/** The text that `npm start` ends with: where everything is, and a call that works as it stands. */
export function formatBanner(facts: BannerFacts): string {
  const { url, offloaderUrl, adminUrl, adminToken, archive, demoKey, databaseUrl, dataFolder, stub } = facts;
  const model = stub ? 'the stub (set OPENAI_API_KEY for real models)' : 'OpenAI';
  const call = [
    `curl ${url}/v1/chat/completions \\`,
    `  -H "Authorization: Bearer ${demoKey ?? '<one of your TENANT_<ID>_API_KEYS>'}" \\`,
    '  -H "Content-Type: application/json" \\',
    `  -d '{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hello!"}]}'`,
  ];
  return [
    '',
    `Tollgate is running.`,
    '',
    `  gateway   ${url}/v1   (health ${url}/health, metrics ${url}/metrics)`,
    `  offloader ${offloaderUrl}   (health ${offloaderUrl}/health, metrics ${offloaderUrl}/metrics)`,
    `  admin     ${adminUrl}   (API ${adminUrl}/admin/docs, health ${adminUrl}/health)`,
    `  token     ${adminToken ?? 'from ADMIN_TOKEN'}   (of the admin API and its console${adminToken === undefined ? '' : ', until the next start'})`,
    `  models    answered by ${model}`,
    `  database  ${databaseUrl}`,
    `  archive   ${archive}`,
    `  data      ${dataFolder}`,
    ...(demoKey ? [`  demo key  ${demoKey}   (tenant "demo", $10 a month)`] : []),
    '',
    'Try it:',
    '',
    ...call,
    '',
    'What it cost:',
    '',
    `curl ${url}/v1/usage -H "Authorization: Bearer ${demoKey ?? '<key>'}"`,
    '',
    'Watch checkpoints go to the archive (in another terminal, in this folder):',
    '',
    'npm run tollgate -- demo seed-checkpoints --count 10000 --age-days 10',
    'npm run offloader -- run',
    '',
    'Ctrl-C stops everything; the data stays.',
    '',
  ].join('\n');
}
