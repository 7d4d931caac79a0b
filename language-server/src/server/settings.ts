/** The settings, section `journey`, and what holds where a client says nothing. */

export interface Settings {
  inlayHints: {
    sources: boolean;
    identity: boolean;
    events: boolean;
    entries: boolean;
    stages: boolean;
    ends: boolean;
    segments: boolean;
    keeps: boolean;
    splits: boolean;
    paths: boolean;
    metrics: boolean;
    series: boolean;
    asOf: boolean;
    expectations: boolean;
    scenarios: boolean;
  };
  codeLens: { enabled: boolean };
  hover: { pictures: boolean };
  sample: { enabled: boolean };
}

export const DEFAULTS: Settings = {
  inlayHints: {
    sources: true,
    identity: true,
    events: true,
    segments: true,
    entries: true,
    stages: true,
    ends: true,
    keeps: true,
    splits: true,
    paths: true,
    metrics: true,
    series: true,
    expectations: true,
    scenarios: true,
    asOf: true,
  },
  codeLens: { enabled: true },
  hover: { pictures: true },
  sample: { enabled: true },
};

/** Settings as a client sends them, gaps and wrong types filled from the defaults. */
export function readSettings(sent: unknown): Settings {
  return fill(DEFAULTS as unknown as Tree, sent) as unknown as Settings;
}

type Tree = { [key: string]: boolean | Tree };

function fill(defaults: Tree, sent: unknown): Tree {
  const given = sent !== null && typeof sent === 'object' ? (sent as Record<string, unknown>) : {};
  return Object.fromEntries(
    Object.entries(defaults).map(([key, value]) => {
      if (typeof value !== 'boolean') return [key, fill(value, given[key])];
      return [key, typeof given[key] === 'boolean' ? given[key] : value];
    }),
  );
}
