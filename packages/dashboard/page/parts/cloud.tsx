import { cloudColor } from "../../src/view/cloud-color.ts"
import { useClouds } from "../data/about.ts"

/** The square in the colour of a cloud; its name stands beside it. */
export const Swatch = ({ cloud }: { readonly cloud: string }) => (
  <i class={`swatch ${cloudColor(useClouds(), cloud)}`} aria-hidden="true" />
)

/** A cloud by its colour and name. */
export const Cloud = ({ cloud, account = null }: { readonly cloud: string; readonly account?: string | null }) => (
  <span class="nowrap">
    <Swatch cloud={cloud} />
    {cloud}
    {account !== null && <span class="soft"> {account}</span>}
  </span>
)
