/** What was said on the command line that every command heeds. */
export interface Settings {
  readonly json: boolean
  readonly quiet: boolean
  readonly input: boolean
  readonly color: boolean
  /** On simulated clouds: what is outside of the command has been replaced by them. */
  readonly sim: boolean
  readonly simState: string | undefined
  readonly config: string | undefined
  readonly ledger: string | undefined
  /** How long each cloud may take to answer what is asked of all of them, as it was written. */
  readonly answerWithin: string | undefined
  /** Only these clouds; all that have a key when null. */
  readonly clouds: ReadonlyArray<string> | null
  /** Only the accounts of these names; all when null. */
  readonly accounts: ReadonlyArray<string> | null
}
