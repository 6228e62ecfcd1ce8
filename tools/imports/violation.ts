/** One breach of a rule. */
export interface Violation {
  /** From the root of the repository. */
  readonly file: string
  readonly line: number
  /** The rule's short name. */
  readonly rule: string
  readonly advice: string
}

/** `file:line  rule: what to do`. */
export const printed = ({ file, line, rule, advice }: Violation): string => `${file}:${line}  ${rule}: ${advice}`
