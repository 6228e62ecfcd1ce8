import type { ComponentChildren } from "preact"
import { useId } from "preact/hooks"

/** One value of a form. */
export interface FieldProps {
  readonly label: string
  readonly name: string
  readonly value: string
  readonly onInput: (value: string) => void
  readonly placeholder?: string
  /** Values to choose from while typing. */
  readonly suggestions?: ReadonlyArray<string>
  readonly class?: string
  readonly required?: boolean
  readonly note?: ComponentChildren
}

/** A labelled text. */
export const Field = (props: FieldProps) => {
  const { label, name, value, onInput, placeholder, suggestions, class: cls = "", required, note } = props
  const id = useId()
  return (
    <div class={`field ${cls}`}>
      <label for={id}>{label}</label>
      <input
        type="text"
        {...{ id, name, value }}
        {...(placeholder !== undefined && { placeholder })}
        {...(required && { required })}
        {...(suggestions && { list: `${id}-all` })}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {suggestions && (
        <datalist id={`${id}-all`}>
          {suggestions.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      )}
      {note && <p class="soft small">{note}</p>}
    </div>
  )
}

/** One of a few values. */
export const Segments = <Value extends string>({ label, value, values, onChange }: SegmentsProps<Value>) => {
  const name = useId()
  return (
    <fieldset class="segments">
      <legend class="hidden">{label}</legend>
      {values.map(([one, text]) => (
        <label key={one}>
          <input type="radio" name={name} checked={one === value} onChange={() => onChange(one)} />
          {text}
        </label>
      ))}
    </fieldset>
  )
}

/** A choice with what each value is called. */
export interface SegmentsProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly values: ReadonlyArray<readonly [Value, string]>
  readonly onChange: (value: Value) => void
}
