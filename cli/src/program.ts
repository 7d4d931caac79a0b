/** What the command line offers; each command's work is in commands/. */
import { Command, CommanderError, Option } from 'commander';
import { EXIT, type ExitCode, internalError, UsageError, VERSION } from './exit.ts';
import { instant } from './instant.ts';
import type { Terminal } from './terminal.ts';

/** Runs one call of `journey`; never throws. */
export async function run(args: string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = EXIT.clean;
  const program = journeyProgram(terminal, exit => {
    code = exit;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.usage;
    if (error instanceof UsageError) {
      terminal.err(`${terminal.errColors.red('error:')} ${error.message}\n`);
      return EXIT.usage;
    }
    terminal.err(internalError(error));
    return EXIT.internal;
  }
}

function journeyProgram(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  const program = new Command('journey');
  program
    .description('Customer journeys as code: what a .journey file says about sample events.')
    .version(VERSION, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      outputError: (text, write) => write(text.replace(/^error:/, terminal.errColors.red('error:'))),
    })
    .addHelpText('after', '\nExit codes: 0 clean, 1 findings, 2 wrong usage, 3 an error of journey itself.');

  program
    .command('check')
    .description('report what is wrong with .journey files, by themselves and against their sample data')
    .argument('<path...>', 'files, folders and globs')
    .addOption(new Option('--format <format>', 'how to print findings').choices(['text', 'json', 'github']).default('text'))
    .addOption(new Option('--fail-on <severity>', 'exit 1 from this severity on').choices(['error', 'warning', 'info']).default('warning'))
    .option('--coverage', 'also say which rules the sample and the scenarios exercise')
    .addHelpText('after', CHECK_HELP)
    .action(async (paths: string[], options) => exit(await (await import('./commands/check.ts')).check(paths, options, terminal)));

  program
    .command('preview')
    .description('print the numbers of .journey files on their sample data')
    .argument('<file...>', 'files, folders and globs')
    .option('--as-of <time>', 'only events up to then, such as 2026-03-31 or 2026-03-31T12:00Z', instant)
    .option('--journey <name>', 'only this journey; may be repeated', (name: string, names: string[] = []) => [...names, name])
    .addOption(new Option('--format <format>', 'how to print numbers; without it a pipe gets text').choices(['table', 'text', 'json']))
    .addHelpText('after', PREVIEW_HELP)
    .action(async (paths: string[], options) => exit(await (await import('./commands/preview.ts')).preview(paths, options, terminal)));

  program
    .command('test')
    .description('run the scenarios of .journey files; no sample data is read')
    .argument('<path...>', 'files, folders and globs')
    .addOption(new Option('--format <format>', 'how to print results').choices(['text', 'junit', 'json']).default('text'))
    .addHelpText('after', TEST_HELP)
    .action(async (paths: string[], options) => exit(await (await import('./commands/test.ts')).test(paths, options, terminal)));

  program
    .command('explain')
    .description('tell what happened to one person in a journey, and why')
    .argument('<file>', 'the .journey file')
    .option('--journey <name>', 'which journey; not needed where there is only one')
    .option('--who <id>', 'an id of the person, such as u17, user:u17 or jane@x.example')
    .option(
      '--any <outcome>',
      'instead of --who, the first who was like this: rejected, active, completed, exited, ambiguous, a reason, or a rule',
    )
    .option('--as-of <time>', 'only events up to then, such as 2026-03-31 or 2026-03-31T12:00Z', instant)
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'json']).default('text'))
    .addOption(new Option('--as-scenario', 'print a scenario that holds what happened, ids replaced').conflicts('format'))
    .addHelpText('after', EXPLAIN_HELP)
    .action(async (path: string, options) => exit(await (await import('./commands/explain.ts')).explain(path, options, terminal)));

  program
    .command('privacy')
    .description('write down what a definition reads of whom, by which rules and what for; no sample data is read')
    .argument('<file>', 'the .journey file')
    .addOption(new Option('--format <format>', 'how to print it').choices(['markdown', 'json']).default('markdown'))
    .option('--check <record>', 'print nothing but how it differs from a record written before, and exit 1 if it does')
    .addHelpText('after', PRIVACY_HELP)
    .action(async (path: string, options) => exit(await (await import('./commands/privacy.ts')).privacy(path, options, terminal)));

  program
    .command('identity')
    .description('tell who is one customer and why, and what each rule of an identity does')
    .argument('<file>', 'the .journey file')
    .option('--identity <name>', 'which identity; without it the first that a journey uses')
    .option('--who <id>', 'why the person with this id is one: u17, user:u17')
    .option('--and <id>', 'with --who: the links between the two ids')
    .option('--as-of <time>', 'only events up to then, such as 2026-03-31 or 2026-03-31T12:00Z', instant)
    .addOption(new Option('--format <format>', 'how to print it').choices(['table', 'json']).default('table'))
    .addHelpText('after', IDENTITY_HELP)
    .action(async (path: string, options) => exit(await (await import('./commands/identity.ts')).identity(path, options, terminal)));

  program
    .command('lsp')
    .description('the language server, for any editor')
    .option('--stdio', 'speak over standard input and output')
    // Clients add arguments of their own, such as --clientProcessId=1.
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async options => (await import('./commands/lsp.ts')).lsp(options));

  program
    .command('help')
    .description('print help for a command')
    .argument('[command]')
    .action(async (name?: string) => {
      if (!name) return program.outputHelp();
      // An unknown name gets the same answer, and the same suggestion, as when it is called.
      const known = program.commands.some(command => command.name() === name);
      await program.parseAsync(known ? [name, '--help'] : [name], { from: 'user' });
    });
  return program;
}

const CHECK_HELP = `
Findings are lines of: file:line:column severity code message
  text     those lines
  json     { version, files, findings: [{ file, line, column, endLine, endColumn, severity, code, message, related }] }
  github   annotations on the lines of a pull request

With --coverage a table tells of every rule how often the sample and the scenarios take it, and what would change without it: a rule
whose removal changes no number and fails no scenario is not tested by anything. In JSON that is
  coverage: [{ file, score, rules: [{ journey, rule, kind, line, column, takenInSample, takenInScenarios, matters, changes }] }]

Exit codes: 0 nothing found (from the severity that --fail-on names), 1 findings, 2 wrong usage, 3 an error of journey itself.

Examples:
  journey check .
  journey check "journeys/**/*.journey" --format github
  journey check shop.journey --fail-on error`;

const TEST_HELP = `
  text     every scenario; at a claim that failed its place, and what happened instead
  junit    JUnit's XML, for CI servers
  json     a documented, versioned contract

Exit codes: 0 all scenarios passed, 1 one failed or a definition has errors, 2 wrong usage, 3 an error of journey itself.

Examples:
  journey test .
  journey test "journeys/**/*.journey" --format junit > scenarios.xml`;

const EXPLAIN_HELP = `
  text     a short story: each run, what met which rule, what was turned away and why, and what did not happen
  json     the same, step by step

Exit codes: 0 told, 2 wrong usage or nobody found, 3 an error of journey itself.

Examples:
  journey explain shop.journey --journey Onboarding --who u17
  journey explain shop.journey --journey Onboarding --any rejected
  journey explain shop.journey --journey Fulfilment --any Lost --as-scenario`;

const PRIVACY_HELP = `
The record of processing: purposes, consent, erasure and retention; of every source and table which columns are read, what of it is
personal, by which rules, for which journeys and purposes; what is declared and never used; identities and how long their links hold.
  markdown  for people, to be committed and reviewed
  json      a documented, versioned contract

--check compares with a record in the same format; lines that only moved are no difference.

Exit codes: 0 printed, or no difference; 1 a difference, or the definition has errors; 2 wrong usage; 3 an error of journey itself.

Examples:
  journey privacy shop.journey > PRIVACY.md
  journey privacy shop.journey --check PRIVACY.md
  journey privacy shop.journey --format json | jq '.data[].columns[] | select(.pii)'`;

const IDENTITY_HELP = `
  table    for people: ids, the effect of each rule with its line, how large customers are, what looks wrong; with --who the links
  json     a documented, versioned contract

Exit codes: 0 told, 1 the definition has errors, 2 wrong usage or nobody found, 3 an error of journey itself.

Examples:
  journey identity shop.journey
  journey identity shop.journey --who user:u17
  journey identity shop.journey --who u17 --and d3`;

const PREVIEW_HELP = `
  table    for people: bars and charts, colours in a terminal
  text     the same numbers, plain
  json     a documented, versioned contract; an array of { file, … } where several files are named

Exit codes: 0 numbers printed, 1 the definition has errors, 2 wrong usage, 3 an error of journey itself.

Examples:
  journey preview shop.journey
  journey preview shop.journey --journey Onboarding --as-of 2026-03-31
  journey preview shop.journey --format json | jq '.journeys[].entered'`;
