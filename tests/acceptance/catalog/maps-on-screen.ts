import type { Profession } from "./proof.ts";

const PLACE = { type: "Feature", properties: { name: "here" }, geometry: { type: "Point", coordinates: [8, 47] } };

/** Maps in a window. */
export const mapsOnScreen: Profession = {
  persona: "maps-on-screen",
  files: { "~/places.geojson": { format: "text", content: JSON.stringify({ type: "FeatureCollection", features: [PLACE] }) } },
  applications: {
    qgis: {
      kind: "desktop",
      settings: { project_crs: "EPSG:2056", project_format: "qgs", theme: "Night Mapping" },
      arguments: ["places.geojson"],
      keys: ["<ctrl+s>", "/home/user/map", "<enter>"],
      does: [
        ["grep -o '<datasource>.*' map.qgs", /\.\/places\.geojson</],
        ["grep -A10 '<projectCrs>' map.qgs", /<authid>EPSG:2056</],
      ],
    },
  },
};
