import { createEngineClient, createDockerDriver } from "./index.ts";
import { randomIds, createLog, systemClock } from "../../../foundation/index.ts";
const clock = systemClock;
const opts = { client: createEngineClient("/var/tmp/guise-d2/w/engine/docker.sock"), installation:"d2", run:randomIds.next("run"), home:"/var/tmp/guise-d2/home", node:"node-1", remapBase:1920000000, isOwnEngine:true, network:"bridge", subnet:"10.232.0.0/22", closed:[], cgroupParent:"/guise", images:{ guardImage: async()=>"guise/guard:base", findImage: async()=>undefined, ensureImage: async()=>{throw new Error()} }, volumes:{ sample:"/work/main/catalog" }, poolSize:2, imageBudget:5e9, log:createLog({level:process.env.L??"info"}), clock, ids: randomIds };
const d = await createDockerDriver(opts);
console.log(await d.capabilities(), JSON.stringify(await d.capacity()));
d.recovered([]); d.onHint(w=>console.log("hint",w));
await new Promise(r=>setTimeout(r,2500));
const spec = (ws: string,generation=1)=>({ workspace:ws, generation, engineName:randomIds.next("s"), node:"node-1", image:"guise/try:main", limits:{cpu:1000,ram:256*2**20,processes:100}, bandwidth:{ingress:20e6,egress:20e6}, storage:64*2**20, network:{allow:[],openedRanges:[]}, volumes:[{source:"x",volume:"sample",target:"/data/sample",access:"read" as const}] });
for (let i=0;i<4;i++) {
const t=performance.now(); const T=()=>Math.round(performance.now()-t);
const s = await d.start(spec("w-1",i+1), { phaseStarted:(p)=>console.log(T(),"start",p), phaseFinished:(p,took)=>console.log(T(),"done",p,took), handle: async()=>{console.log(T(),"handle")} });
console.log(T(),"channel"); console.log(await s.channel.run("echo $$; id; cat /proc/self/mountinfo | grep -E 'home|data'; ls /data/sample | head -3; ls -la ~; date >> ~/dates; cat ~/dates; df -h ~ | tail -1")); console.log(T(),"answer");
console.log(await d.inspect(s.handle), await d.usage?.sample(s.handle));
const c2 = await d.connect(s.handle); console.log((await c2.run("echo again")).stdout, T()); c2.close(); s.channel.close();
console.log(await d.listOwned());
const t2=performance.now(); await d.destroy(s.handle,{grace:0,keepHome:i<3}); console.log("destroyed", performance.now()-t2, await d.inspect(s.handle));
await new Promise(r=>setTimeout(r,1500));
}
await d.close(); console.log(await d.listOwned());
