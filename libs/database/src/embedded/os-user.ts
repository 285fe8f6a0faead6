import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** An OS user to run a process as. */
export interface OsUser {
  readonly uid: number;
  readonly gid: number;
}

/** The user that Postgres, which refuses to run as root, shall run as; undefined when we are not root. */
export async function findPostgresUser(): Promise<OsUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const user = (await findUser('postgres')) ?? (await findUser('nobody'));
  if (user !== undefined) return user;
  throw new Error(
    'Postgres does not run as root, and this machine has neither a user "postgres" nor "nobody".',
  );
}

async function findUser(name: string): Promise<OsUser | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined; // no such user
  }
}
