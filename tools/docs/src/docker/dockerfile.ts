/** One instruction of a Dockerfile, its words as they stand. */
export interface Instruction {
  readonly keyword: string;
  readonly rest: string;
}

/** A build stage: `FROM <base> AS <name>`. */
export interface Stage {
  readonly name: string;
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

/** Reads the stages of a Dockerfile that has one instruction a line. */
export function parseDockerfile(text: string): Stage[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const instructions = lines.map((line) => {
    const [, keyword = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    return { keyword, rest };
  });
  const starts = instructions.flatMap(({ keyword }, i) => (keyword === 'FROM' ? [i] : []));
  return starts.map((start, i) => {
    const [, base = '', name = ''] = /^(\S+) AS (\S+)$/.exec(instructions[start]?.rest ?? '') ?? [];
    return { name, base, instructions: instructions.slice(start + 1, starts[i + 1]) };
  });
}

/** The stages that a stage is built on, itself first. */
export function lineageOf(stage: Stage, stages: readonly Stage[]): Stage[] {
  const base = stages.find(({ name }) => name === stage.base);
  return base ? [stage, ...lineageOf(base, stages)] : [stage];
}
