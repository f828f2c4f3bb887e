import RFB from "@novnc/novnc";

/** A viewer that asks for so many pixels for each that the page counts, and shows them as that many fewer: sharp where the screen has them. */
export class SharpRfb extends RFB {
  scale = 1;
  isAsking = false;

  protected override _requestRemoteResize(): void {
    this.isAsking = true;
    try {
      super._requestRemoteResize();
    } finally {
      this.isAsking = false;
    }
  }

  protected override _screenSize(): { w: number; h: number } {
    const { w, h } = super._screenSize();
    // Whole pixels, as the display has them: it would be asked again and again for the part that is missing.
    return this.isAsking ? { w: Math.floor(w * this.scale), h: Math.floor(h * this.scale) } : { w, h };
  }
}
