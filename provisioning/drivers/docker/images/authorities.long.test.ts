import { expect, test } from "vitest";
import { quietBuild } from "#provisioning";
import { companyAuthority, serveCompany } from "./company-authority.fixture.ts";
import { openImageWorld } from "./image-world.fixture.ts";

const SCRIPT = `cat > Get.java <<'JAVA'
public class Get {
  public static void main(String[] args) throws Exception {
    try { System.out.println(((java.net.HttpURLConnection) new java.net.URL("https://localhost:8443/").openConnection()).getResponseCode()); }
    catch (javax.net.ssl.SSLHandshakeException error) { System.out.println("not trusted"); }
  }
}
JAVA
java Get.java
kill %1`;

/** The other languages are tried in image-store.engine.test.ts; a JDK alone takes 400 MB. */
test("a company's authority is trusted by Java", async () => {
  const company = await companyAuthority("DNS:localhost");
  const world = await openImageWorld("authorities");
  try {
    const jdk = { application: "apt:default-jdk-headless", manager: "apt", packages: ["default-jdk-headless", "python3"] } as const;
    const plain = await world.store.ensureImage({ layers: [jdk], packageEpoch: "1" }, quietBuild);
    const script = `${serveCompany(company)}${SCRIPT}`;
    expect(await world.saidIn(plain.reference, script)).toEqual(["not trusted"]);
    const trusting = world.open({}, { authorities: [company.authority] });
    const image = await trusting.ensureImage({ layers: [jdk], packageEpoch: "1", recorded: plain.reference }, quietBuild);
    expect(await world.saidIn(image.reference, script)).toEqual(["200"]);
  } finally {
    await world.close();
  }
});
