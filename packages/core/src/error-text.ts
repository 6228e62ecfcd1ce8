import type { GpuError } from "./errors.ts"

type Inspect = (value: unknown, options: object) => string

/** In a console an error shows its name and message first, then what else is known, without the library's own stack. */
export function shown(this: GpuError, _depth: number, options: object, inspect: Inspect): string {
  const { name: _, message: __, _tag, cause: ___, ...rest } = this as unknown as Record<string, unknown>
  const fields = { ...rest, cause: this.cause instanceof Error ? this.cause.message : this.cause }
  const known = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  return `${this._tag}: ${this.message} ${inspect(known, options)}`
}

/** Everything that is known, as plain data: what a program writes into its log. */
export function asJson(this: GpuError): Record<string, unknown> {
  const own = Object.getOwnPropertyNames(this).filter((key) => key !== "stack" && key !== "cause")
  return { name: this._tag, ...Object.fromEntries(own.map((key) => [key, Reflect.get(this, key)])) }
}
