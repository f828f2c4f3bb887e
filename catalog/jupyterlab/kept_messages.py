# Of Jupyter Server, which executes this file. What a kernel said is lost when the connection to its page breaks while it is on its way: the
# server keeps what comes after it saw the end. Here it also keeps what the page was not seen to take, and gives it to the connection that follows.
# A page that took it all the same knows each message by its id, and leaves it (lasting-connections.js).
from collections import deque

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.websocket import WebSocketClosedError

# Messages that wait to be confirmed; a page that confirms none for so long is lost without them.
MOST_KEPT = 10_000


class KeptMessages(ZMQChannelsWebsocketConnection):
    def __init__(self, **options):
        super().__init__(**options)
        self._kept = deque(maxlen=MOST_KEPT)
        self._count = 0
        self._asked = False
        self._inherited = []

    async def _register_session(self):
        # The one before, where its end was not seen yet.
        stale = self._open_sessions.get(f"{self.kernel_id}:{self.session.session}")
        before = getattr(stale, "connection", None)
        self._inherited = [message for _, *message in getattr(before, "_kept", ())]
        await super()._register_session()

    def connect(self):
        handler = self.websocket_handler
        pong = handler.on_pong

        def on_pong(data):
            self._confirmed(data)
            return pong(data)

        handler.on_pong = on_pong
        connected = super().connect()
        for channel, message in self._inherited:
            self.handle_outgoing_message(channel, message)
        self._inherited = []
        return connected

    def handle_outgoing_message(self, stream, outgoing_msg):
        self._count += 1
        self._kept.append((self._count, stream if isinstance(stream, str) else stream.channel, outgoing_msg))
        super().handle_outgoing_message(stream, outgoing_msg)
        self._ask()

    def disconnect(self):
        super().disconnect()
        buffers = self.multi_kernel_manager._kernel_buffers
        waiting = buffers[self.kernel_id] if self.kernel_id in buffers else None
        if waiting is not None and waiting["session_key"] == self.session_key:
            waiting["buffer"][:0] = [(channel, message) for _, channel, message in self._kept]
        self._kept.clear()

    def _ask(self):
        # One question at a time: a page that answers slowly is asked less often. Its browser answers behind all that came before.
        if self._asked or not self._kept:
            return
        try:
            self.websocket_handler.ping(str(self._count).encode())
            self._asked = True
        except WebSocketClosedError:
            pass

    def _confirmed(self, data):
        if not data.isdigit():
            return
        while self._kept and self._kept[0][0] <= int(data):
            self._kept.popleft()
        self._asked = False
        self._ask()


c.ServerApp.kernel_websocket_connection_class = KeptMessages  # noqa: F821
