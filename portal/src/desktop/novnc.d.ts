/** What is used of noVNC 1.7: its documented part, and, of the rest, what asks for the display's size. */
declare module "@novnc/novnc" {
  export default class RFB extends EventTarget {
    constructor(place: HTMLElement, channel: object, options?: { shared?: boolean });
    focusOnClick: boolean;
    scaleViewport: boolean;
    resizeSession: boolean;
    background: string;
    qualityLevel: number;
    compressionLevel: number;
    clipboardPasteFrom(text: string): void;
    sendKey(keysym: number, code: string | null, down?: boolean): void;
    protected _requestRemoteResize(): void;
    protected _screenSize(): { w: number; h: number };
  }
}
