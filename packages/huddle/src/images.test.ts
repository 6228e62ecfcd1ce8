import { expect, it } from "vitest"
import { bodyOf, deploys, renting } from "./renting.test-support.ts"

it("asks for an image by its id when it is given by its name, in any case", async () => {
  const images = {
    json: {
      data: {
        data: [
          { id: "img-24", name: "Ubuntu 24.04" },
          { id: "img-22", name: "Ubuntu 22.04" }
        ]
      }
    }
  }
  const { run, fails, launch, to } = renting({ "GET /images": images })
  for (const os of ["Ubuntu 24.04", "ubuntu 24.04"]) {
    await run(await launch({ os }))
    expect(bodyOf(to(deploys).at(-1)).image).toBe("img-24")
  }
  const error = await fails(await launch({ os: "Ubuntu 25.04" }))
  expect(error).toMatchObject({ _tag: "InvalidRequest", issues: [{ path: "os" }] })
  expect(error.message).toMatch(/unknown image "Ubuntu 25.04"; expected "Ubuntu 24.04" \(img-24\), "Ubuntu 22.04"/)
  expect(to(deploys)).toHaveLength(2)
})
