/** A PDF of one page with that text, which would run a script and call out when it is opened, by a reader that let it. */
export function smallPdf(text: string, callsOut: string): Buffer {
  const drawing = `BT /F1 40 Tf 60 700 Td (${text}) Tj ET 1 0 0 rg 60 500 300 100 re f`;
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\); this.submitForm\\('${callsOut}'\\); window.ran = true;) >> >>`,
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>
       /AA << /O << /S /URI /URI (${callsOut}) >> >>
       /Annots [<< /Type /Annot /Subtype /Link /Rect [60 500 360 600] /A << /S /URI /URI (${callsOut}) >> >>] >>`,
    `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  ];
  let file = "%PDF-1.7\n";
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(offset).padStart(10, "0")} 00000 n \n`;
  });
  const table = file.length;
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join("")}`;
  file += `trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(file, "latin1");
}
