import { about } from "../data/about.ts"
import { useStore } from "../data/store.ts"
import { Swatch } from "../parts/cloud.tsx"
import { Panel } from "../parts/panel.tsx"

interface Kind {
  readonly cloud: string
  readonly kind: string
  readonly can: ReadonlySet<string>
}

/** What each kind of each cloud can do: a matrix where there is room, else a list to open. */
export const Capabilities = () => {
  const clouds = useStore(about)?.clouds ?? []
  const kinds = clouds.flatMap(({ name, kinds: all }) =>
    all.map(({ kind, capabilities, launchOptions, endsItself }): Kind => {
      const can = [...capabilities, ...launchOptions, ...(endsItself ? ["ends itself"] : [])]
      return { cloud: name, kind, can: new Set(can) }
    })
  )
  const known = (of: "capabilities" | "launchOptions") =>
    [...new Set(clouds.flatMap(({ kinds: all }) => all.flatMap((one) => one[of])))].sort()
  const parts = [
    ["Operations", ["ends itself", ...known("capabilities")]],
    ["Launch options", known("launchOptions")]
  ] as const
  return (
    <Panel title="What each cloud can do" note="beyond offers, launch, list and terminate">
      <table class="matrix tablet-only-table">
        <caption>What each kind of each cloud can do</caption>
        <thead>
          <tr>
            <td />
            {kinds.map(({ cloud, kind }) => (
              <th scope="col" key={cloud + kind}>
                <span>
                  <Swatch cloud={cloud} />
                  {cloud} {kind}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        {parts.map(([title, names]) => (
          <tbody key={title}>
            <tr>
              <th scope="rowgroup" colSpan={kinds.length + 1} class="strong">
                {title}
              </th>
            </tr>
            {names.map((name) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {kinds.map(({ cloud, kind, can }) => (
                  <td key={cloud + kind}>
                    {can.has(name) && <i class="dot" aria-hidden="true" />}
                    <span class="hidden">{can.has(name) ? "yes" : "no"}</span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
      <div class="body phone-only">
        {kinds.map(({ cloud, kind, can }) => (
          <details key={cloud + kind}>
            <summary>
              <Swatch cloud={cloud} />
              {cloud} {kind}
            </summary>
            <p class="soft small">{[...can].join(", ")}</p>
          </details>
        ))}
      </div>
    </Panel>
  )
}
