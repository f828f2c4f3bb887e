import type { Profession } from "./proof.ts";

const SEQUENCE = "ACGTACGTTAGCCATGCATTGACCGATTACAGATTACAGGC";
const PLACES = JSON.stringify({
  type: "FeatureCollection",
  features: [
    { type: "Feature", properties: { name: "north" }, geometry: { type: "Point", coordinates: [16, 48] } },
    { type: "Feature", properties: { name: "south" }, geometry: { type: "Point", coordinates: [14, 46] } },
  ],
});

export const mapsAndSequences: Profession = {
  persona: "maps-and-sequences",
  applications: {
    gdal: {
      kind: "command",
      settings: { side_files: false, threads: 1, cache: 64, trace: true },
      prepares: [`echo '${PLACES}' > places.geojson`],
      arguments: ["places.gpkg", "places.geojson"],
      says: /GDAL: GDALOpen\(places\.geojson/,
      does: [
        ["ogrinfo -so places.gpkg places 2> /dev/null", /Feature Count: 2/],
        [
          "gdal_rasterize -q -burn 1 -ts 10 10 -ot Byte places.gpkg places.tif 2> log && gdalinfo -stats places.tif > log 2>&1 && ls places.tif*",
          /^places\.tif\n$/,
        ],
      ],
    },
    samtools: {
      kind: "command",
      settings: { references: "~/sequences" },
      prepares: [
        `printf '>one\\n${SEQUENCE}\\n' > one.fa`,
        `md5=$(printf ${SEQUENCE} | md5sum | cut -c1-32) && rest=\${md5#????} && at=sequences/$(echo $md5 | sed 's#\\(..\\)\\(..\\).*#\\1/\\2#') && mkdir -p $at && printf ${SEQUENCE} > $at/$rest`,
        `printf '@SQ\\tSN:one\\tLN:${SEQUENCE.length}\\nread\\t0\\tone\\t5\\t60\\t10M\\t*\\t0\\t0\\tACGTTAGCCA\\tIIIIIIIIII\\n' > reads.sam`,
        "samtools view -C -T one.fa -o reads.cram reads.sam && rm one.fa*",
      ],
      arguments: ["view", "reads.cram"],
      says: /read\t0\tone\t5\t60\t10M.*ACGTTAGCCA/,
      does: [
        ["samtools flagstat reads.cram", /1 \+ 0 mapped/],
        ["samtools sort -O bam -o reads.bam reads.cram && samtools index reads.bam && ls reads.bam.bai", /bai/],
        [
          "printf '##fileformat=VCFv4.2\\n##contig=<ID=one>\\n#CHROM\\tPOS\\tID\\tREF\\tALT\\tQUAL\\tFILTER\\tINFO\\none\\t5\\t.\\tA\\tG\\t9\\t.\\t.\\n' | bgzip > v.vcf.gz && tabix v.vcf.gz && bcftools view -H v.vcf.gz one:1-9",
          /A\tG/,
        ],
      ],
    },
    blast: {
      kind: "command",
      settings: { databases: "~/banks", format: "table", maximum_targets: 5 },
      prepares: [
        `mkdir -p banks && printf '>gene\\n${SEQUENCE}\\n' > banks/genes.fa && makeblastdb -in banks/genes.fa -dbtype nucl -out banks/genes`,
        `printf '>asked\\n${SEQUENCE.slice(4, 38)}\\n' > asked.fa`,
      ],
      arguments: ["-query", "asked.fa", "-db", "genes"],
      says: /^asked\tgene\t100\.000\t34/,
    },
  },
};
