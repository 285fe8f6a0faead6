import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair, type GenerateKeyPairResult } from 'jose';

const AUDIENCE = 'tollgate-admin';

/** An issuer of tokens with a real server for its keys. */
export class Issuer {
  /** How often its keys were read. */
  reads = 0;
  /** What its server does. */
  mode: 'well' | 'error' | 'silent' = 'well';

  private constructor(
    private readonly server: Server,
    readonly url: string,
    readonly keys: GenerateKeyPairResult,
  ) {}

  static async start(): Promise<Issuer> {
    const keys = await generateKeyPair('RS256', { extractable: true });
    const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
    const server = createServer((_, response) => {
      issuer.reads += 1;
      if (issuer.mode === 'silent') return;
      response.statusCode = issuer.mode === 'error' ? 500 : 200;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ keys: [jwk] }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const issuer = new Issuer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, keys);
    return issuer;
  }

  /** Variables of an admin API that trusts it. */
  get env(): Record<string, string> {
    return {
      ADMIN_OIDC_ISSUER: this.url,
      ADMIN_OIDC_AUDIENCE: AUDIENCE,
      ADMIN_OIDC_JWKS_URL: `${this.url}/jwks`,
    };
  }

  /** Signs a token that lets an operator in, apart from what is changed. */
  sign(
    claims: Readonly<Record<string, unknown>> = {},
    { key = this.keys.privateKey, kid = 'k1' }: { key?: CryptoKey; kid?: string } = {},
  ): Promise<string> {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const payload = {
      iss: this.url,
      aud: AUDIENCE,
      sub: 'ada@example.com',
      exp: nowSeconds + 300,
      tollgate_role: 'operator',
      ...claims,
    };
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid }).sign(key);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
