/**
 * A throw-away server that belongs to the process that started it: it listens on 127.0.0.1 only, keeps its data in
 * a temporary folder and dies with its owner, even when the owner is killed.
 */
export interface PrivateServer {
  /** Connection string; the same after `restart()`. */
  readonly url: string;
  /** TCP port on 127.0.0.1; the same after `restart()`. */
  readonly port: number;
  /** Process id of the running server, or of the last one that ran. A restart changes it. */
  readonly pid: number;

  /** Shuts down in order, disconnects clients and removes the data folder. May be called twice. */
  stop(): Promise<void>;

  /** Crashes the server (SIGKILL). The data folder stays for `restart()`; call `stop()` to remove it. */
  kill(): Promise<void>;

  /** Freezes the server (SIGSTOP): it accepts connections but answers nothing. */
  pause(): void;

  /** Thaws a paused server (SIGCONT). */
  resume(): void;

  /** Starts again on the same port and data folder, after a shutdown in order if the server still runs. */
  restart(): Promise<void>;
}
