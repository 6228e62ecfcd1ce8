/**
 * A pattern that only the text itself matches: Vast's `filter` of logs is a pattern of grep.
 *
 * - Which kind of pattern is not documented, so each sign is written as basic, extended and Perl's expressions all read it
 *   alike: a class of one sign, and a backslash before the two signs of which a class cannot be made everywhere.
 *
 * Source: Vast.ai API reference, request logs (`filter`).
 */
export const patternOf = (text: string): string =>
  text.replaceAll(/[.*+?$(){}|[]/g, "[$&]").replaceAll(/[\\^]/g, "\\$&")
