/** Wrong words on the command line, found before a command runs. */
export class Usage extends Error {
  readonly _tag = "Usage"
}

/** Somebody was asked, and did not say yes; or nobody could be asked. */
export class Declined extends Error {
  readonly _tag = "Declined"
}
