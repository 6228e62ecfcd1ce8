import type { CompareJson } from "@anygpu/operations/protocol"
import { useState } from "preact/hooks"
import { useAnswer } from "../data/answers.ts"
import { compareInput, jobOf } from "../data/job.ts"
import { go } from "../data/route.ts"
import { Candidates } from "./candidates.tsx"
import { History } from "./history.tsx"
import { JobForm } from "./job-form.tsx"
import { LaunchDialog } from "./launch-dialog.tsx"
import { LeftOut } from "./left-out.tsx"

/** So many offers are asked for at first; a button asks for all. */
const some = 500

/** What a job costs on each offer, why others are left out, and what the GPU has cost before. */
export const MarketScreen = ({ params }: { readonly params: URLSearchParams }) => {
  const job = jobOf(params)
  const [all, setAll] = useState(false)
  const asked = useAnswer<CompareJson>("compare", compareInput(job, all ? 0 : some))
  const chosen = asked.answer?.candidates.find(({ offer }) => offer.ref === params.get("offer"))
  const model = job.gpu.trim() || asked.answer?.candidates[0]?.offer.gpu?.model || null
  return (
    <>
      <JobForm job={job} asked={asked} />
      <Candidates asked={asked} onAll={() => setAll(true)} />
      <div class="two">
        <History gpu={model} interruptible={job.interruptible === "only"} />
        <LeftOut answer={asked.answer} />
      </div>
      {chosen && <LaunchDialog candidate={chosen} job={job} onClose={() => go("market", { offer: null })} />}
    </>
  )
}
