import type { ComponentChildren } from "preact"
import { useRef, useState } from "preact/hooks"

/** A table of which only the rows in sight are drawn. */
export interface RowsProps<Item> {
  /** What the table shows, for those who hear it. */
  readonly caption: string
  readonly head: ComponentChildren
  readonly items: ReadonlyArray<Item>
  /** One `<tr>` with a key. */
  readonly row: (item: Item, index: number) => ComponentChildren
  /** Pixels of each row, which its style gives it. */
  readonly height: number
  readonly class?: string
}

/** So many rows are drawn as they are, without a window of their own. */
const few = 30

/** Rows drawn in one step, so that most scrolling draws nothing new. */
const step = 8

/** A table; a long one scrolls in a window of its own, and costs what is in sight. */
export const Rows = <Item,>({ caption, head, items, row, height, class: name }: RowsProps<Item>) => {
  const [first, setFirst] = useState(0)
  const box = useRef<HTMLElement>(null)
  const isLong = items.length > few
  const room = 620 / height + 2 * step
  const from = isLong ? Math.max(0, Math.min(first, items.length - few)) : 0
  const to = isLong ? Math.min(items.length, from + Math.ceil(room)) : items.length
  const onScroll = () => {
    const at = Math.floor((box.current?.scrollTop ?? 0) / height)
    setFirst(Math.max(0, Math.floor(at / step) * step - step))
  }
  const table = (
    <table class={name} aria-rowcount={isLong ? items.length + 1 : undefined}>
      <caption>{caption}</caption>
      <thead>{head}</thead>
      <tbody>
        {from > 0 && <Gap height={from * height} />}
        {items.slice(from, to).map((item, index) => row(item, from + index))}
        {to < items.length && <Gap height={(items.length - to) * height} />}
      </tbody>
    </table>
  )
  if (!isLong) return table
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section class="scroll" ref={box} onScroll={onScroll} tabIndex={0} aria-label={caption}>
      {table}
    </section>
  )
}

/** The room of the rows that are not drawn. */
const Gap = ({ height }: { readonly height: number }) => (
  <tr class="gap">
    <td style={{ height: `${height}px` }} />
  </tr>
)
