import { isObject, type Reply } from "../kit/http.ts"

/** One item of a validation error. Source: Fluence docs, Deploy an instance, error responses. */
export interface Issue {
  readonly type: string
  readonly loc: ReadonlyArray<string | number>
  readonly msg: string
  readonly input: unknown
  readonly ctx?: Readonly<Record<string, unknown>>
}

/** A value in a request, and where what is wrong with it is noted. */
export interface Field {
  readonly value: unknown
  readonly loc: Issue["loc"]
  readonly issues: Issue[]
  /** What a missing value is reported with: the object it is missing in. */
  readonly owner: unknown
}

/** The 422 of the GPU family. */
export const invalid = (issues: readonly Issue[]): Reply => ({ status: 422, json: { detail: issues } })

/** A business error of the GPU family: 400 with a text. Source: Fluence docs, Deploy an instance, error responses. */
export const denied = (detail: string): Reply => ({ status: 400, json: { detail } })

/** The body of a request as a field. */
export const bodyField = (body: unknown): Field => ({ value: body, loc: ["body"], issues: [], owner: body })

/** A member of an object; undefined where it is missing, or the value is not an object. */
export const member = (field: Field, name: string): Field => ({
  ...field,
  value: isObject(field.value) ? field.value[name] : undefined,
  loc: [...field.loc, name],
  owner: field.value
})

/** Whether a field was given. The documents give optional fields a type without null, so null counts as absent here. */
export const isGiven = ({ value }: Field): boolean => value !== undefined && value !== null

/** Notes a broken rule in the words and with the `ctx` of the documented example. */
export const breaks = ({ issues, loc, value }: Field, rule: string): void => {
  issues.push({ type: "value_error", loc, msg: `Value error, ${rule}`, input: value, ctx: { error: {} } })
}

/** Types of issues beside `value_error` are those of the validator the example comes from: undocumented. */
const mistyped = ({ issues, loc, value, owner }: Field, type: string, wanted: string): void => {
  if (value === undefined) issues.push({ type: "missing", loc, msg: "Field required", input: owner })
  else issues.push({ type, loc, msg: `Input should be a valid ${wanted}`, input: value })
}

/** The text in a field; what is no text is noted and read as empty. */
export const text = (field: Field): string => {
  if (typeof field.value === "string") return field.value
  mistyped(field, "string_type", "string")
  return ""
}

/** The text in a field that may be left out. */
export const optionalText = (field: Field): string | null => (isGiven(field) ? text(field) : null)

/** An object to read members of; what is no object is noted once, and not again for each of its members. */
export const object = (field: Field): Field => {
  if (isObject(field.value)) return field
  mistyped(field, "model_attributes_type", "dictionary or object to extract fields from")
  return { ...field, issues: [] }
}

/** The items of a list; what is no list is noted and read as empty. */
export const items = (field: Field): readonly Field[] => {
  if (Array.isArray(field.value))
    return field.value.map((value: unknown, index) => ({ ...field, value, loc: [...field.loc, index], owner: value }))
  mistyped(field, "list_type", "list")
  return []
}

/** The items of a list that may be left out. */
export const optionalItems = (field: Field): readonly Field[] => (isGiven(field) ? items(field) : [])

/** The whole number in a field; another value is noted and read as 0. */
export const whole = (field: Field): number => {
  if (typeof field.value === "number" && Number.isInteger(field.value)) return field.value
  mistyped(field, "int_type", "integer")
  return 0
}
