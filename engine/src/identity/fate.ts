/** What became of a pair of ids that share a row, by pair. */
export const FATE = {
  /** One of its ids is ignored or erased, or all its rows belong to nobody. */
  none: 0,
  /** The `link` rules don't let it be. */
  leftOut: 1,
  /** One of its ids is in quarantine. */
  quarantined: 2,
  /** It would have broken a limit. */
  refused: 3,
  /** It made one cluster of two. */
  merged: 4,
  /** Its ids were together already: a link all the same. */
  together: 5,
} as const;
