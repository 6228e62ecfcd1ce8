/** Somebody was asked, and did not say yes; or nobody could be asked. */
export class Declined extends Error {
  readonly _tag = "Declined"
}
