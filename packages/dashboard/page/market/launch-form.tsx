import { Field } from "../parts/field.tsx"

/** What a launch is to be. */
export interface Wish {
  readonly name: string
  readonly image: string
  readonly os: string
  readonly sshKey: string
  readonly tag: string
}

interface FormProps {
  readonly wish: Wish
  /** What the offer's kind takes. */
  readonly options: ReadonlyArray<string>
  /** The images and systems that its cloud lists. */
  readonly systems: ReadonlyArray<string>
  readonly onChange: (wish: Wish) => void
}

/** What a launch needs besides its offer: only what this kind of machine takes. */
export const LaunchForm = ({ wish, options, systems, onChange }: FormProps) => {
  const set = (name: keyof Wish) => (value: string) => onChange({ ...wish, [name]: value })
  return (
    <div class="fields">
      <Field label="Name" name="name" value={wish.name} onInput={set("name")} required class="grow" />
      <Field
        label="For, as name=value"
        name="tag"
        value={wish.tag}
        onInput={set("tag")}
        placeholder="team=nlp"
        class="grow"
      />
      {options.includes("image") && (
        <Field
          label="Image"
          name="image"
          value={wish.image}
          onInput={set("image")}
          placeholder="pytorch/pytorch"
          suggestions={systems}
          class="grow"
        />
      )}
      {options.includes("os") && (
        <Field
          label="System"
          name="os"
          value={wish.os}
          onInput={set("os")}
          placeholder="ubuntu"
          suggestions={systems}
          class="grow"
        />
      )}
      {options.includes("sshKeys") && (
        <Field
          {...{ label: "Public ssh key", name: "sshKey", value: wish.sshKey, class: "grow" }}
          onInput={set("sshKey")}
          placeholder="ssh-ed25519 AAAA…"
        />
      )}
    </div>
  )
}
