/** Where output goes, and what may be shown there. */
import type { Progress as Step } from '@journey/engine';
import pc from 'picocolors';
import yoctoSpinner from 'yocto-spinner';

export type Colors = ReturnType<typeof pc.createColors>;

/** How a report may look. */
export interface Style {
  colors: Colors;
  /** Columns to stay within; unbounded in a pipe. */
  width: number;
  /** Bars and charts: for eyes, not for pipes. */
  pictures: boolean;
}

export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Where people work: paths are shown relative to it. */
  cwd: string;
  /** Whether stdout is a terminal. */
  interactive: boolean;
  style: Style;
  errColors: Colors;
  /** Says on stderr what takes so long; silent where that is no terminal, or while it takes no time. */
  progress(): Progress;
}

export interface Progress {
  /** @param step what the engine is at, once it is */
  show(file: string, step?: Step): void;
  done(): void;
}

/** For a terminal that shows none. */
export const COLORLESS: Colors = pc.createColors(false);

/** A beginning is not worth a flicker. */
const PATIENCE_MS = 300;

/** The terminal, pipe or file that this process was started with. NO_COLOR and FORCE_COLOR are heeded. */
export function processTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  const colored = (tty: boolean | undefined) => {
    if (env.NO_COLOR) return false;
    if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
    return Boolean(tty) && env.TERM !== 'dumb';
  };
  const interactive = Boolean(stdout.isTTY);
  return {
    out: text => void stdout.write(text),
    err: text => void stderr.write(text),
    cwd: process.cwd(),
    interactive,
    style: {
      colors: pc.createColors(colored(stdout.isTTY)),
      width: interactive ? Math.min(Math.max(stdout.columns || 80, 60), 120) : Number.POSITIVE_INFINITY,
      pictures: interactive,
    },
    errColors: pc.createColors(colored(stderr.isTTY)),
    progress: () => (stderr.isTTY && !env.CI && env.TERM !== 'dumb' ? spinner() : { show: () => {}, done: () => {} }),
  };
}

function spinner(): Progress {
  const spin = yoctoSpinner({ stream: process.stderr });
  const began = Date.now();
  return {
    show: (file, step) => {
      const text = step ? `${file}: ${step.stage} ${step.name}${share(step)}` : file;
      if (spin.isSpinning) spin.text = text;
      else if (Date.now() - began > PATIENCE_MS) spin.start(text);
    },
    done: () => void spin.stop(),
  };
}

const share = ({ done, total }: Step) => (total > 1 ? ` ${Math.floor((100 * done) / total)}%` : '');
