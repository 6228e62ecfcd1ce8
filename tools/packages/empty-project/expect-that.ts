/** Fails the whole trial when a claim does not hold. */
export const expectThat = (holds: boolean, claim: string): void => {
  if (!holds) throw new Error(`not true: ${claim}`)
}
