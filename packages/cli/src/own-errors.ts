/** Wrong words on the command line, found before a command runs. */
export class Usage extends Error {
  readonly _tag = "Usage"
}
