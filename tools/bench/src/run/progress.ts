/** Gives a function that writes a line of progress to a terminal, and nothing anywhere else. */
export function progressOn(stream: NodeJS.WriteStream): (line: string) => void {
  const startMs = performance.now();
  if (!stream.isTTY) return () => undefined;
  return (line) => {
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1).padStart(6);
    stream.write(`${seconds} s  ${line}\n`);
  };
}
