import type { ComponentChildren } from "preact"
import { useId } from "preact/hooks"

/** A part of a screen under a heading. */
export const Panel = ({ title, note, end, children }: PanelProps) => {
  const id = useId()
  return (
    <section class="panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {note && <p>{note}</p>}
        {end && <div class="end row">{end}</div>}
      </header>
      {children}
    </section>
  )
}

/** What a panel shows. */
export interface PanelProps {
  readonly title: string
  readonly note?: ComponentChildren
  /** At the right of its heading. */
  readonly end?: ComponentChildren
  readonly children: ComponentChildren
}
