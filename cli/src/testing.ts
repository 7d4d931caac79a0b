/** For the tests of the commands: a terminal without colours that remembers what it was told. */
import { run } from './program.ts';
import { COLORLESS, type Terminal } from './terminal.ts';

/** Runs `journey` with these arguments, as from a folder. @param width absent: lines are as long as they are */
export async function call(
  cwd: string,
  args: string[],
  width = Number.POSITIVE_INFINITY,
): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const terminal: Terminal = {
    out: text => {
      out += text;
    },
    err: text => {
      err += text;
    },
    cwd,
    interactive: false,
    style: { colors: COLORLESS, width, pictures: false },
    errColors: COLORLESS,
    progress: () => ({ show: () => {}, done: () => {} }),
  };
  return { code: await run(args, terminal), out, err };
}
