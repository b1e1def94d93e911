%% What the controller and the gateway share: OTP's megaco by one carrier, in one encoding and
%% version. Requests and replies are written as text, which OTP's own parser makes its records of.
%% What OTP reports comes to the process `scenario`, and so does each message: `wire` and `sent`.
-module(otp_link).
-export([start/3, listen/2, open/3, ask/2, call/2, call_all/2, answered_alike/3, close/1, decoded/2,
         connection/1, version/1]).
-export([find/2, expect/1, expect/2, drop/1, say/2, actions/2]).
-export([send_message/2, receive_message/4, process_received_message/4]).
-export([handle_connect/3, handle_connect/4, handle_disconnect/4, handle_syntax_error/4,
         handle_message_error/4, handle_unexpected_trans/4, handle_trans_request/4,
         handle_trans_long_request/4, handle_trans_reply/5, handle_trans_ack/5,
         handle_trans_request_abort/5]).

-record(link, {carrier, codec, config, version, mid, handle, transport}).

-define(HERE, {127, 0, 0, 1}).
-define(PATIENCE, 15000).
%% So long a request takes that is answered with Pending, in milliseconds.
-define(SLOW, 300).

%% Starts a user of megaco; Role:answer/1 answers its peer's requests.
start(Role, Mid, [Encoding, Carrier, Digit]) ->
    register(scenario, self()),
    Version = list_to_integer(Digit),
    {Codec, Config} = codec(Encoding, Version),
    ok = megaco:start(),
    ok = megaco:start_user(Mid, [
        {user_mod, ?MODULE}, {user_args, [Role]}, {send_mod, ?MODULE},
        {encoding_mod, Codec}, {encoding_config, Config}, {protocol_version, Version},
        %% A run that comes after another has other ids than that one.
        {min_trans_id, erlang:system_time(millisecond) rem 1000000000 + 1000}
    ]),
    {ok, Transport} = (carrier(Carrier)):start_transport(),
    #link{carrier = carrier(Carrier), codec = Codec, config = Config, version = Version,
          mid = Mid, handle = megaco:user_info(Mid, receive_handle), transport = Transport}.

codec("text", _) -> {megaco_pretty_text_encoder, []};
codec("binary", Version) ->
    {megaco_ber_encoder, [{binary_name_resolver, {otp_names, Version}}]}.

carrier("udp") -> megaco_udp;
carrier("tcp") -> megaco_tcp.

%% Waits for peers at a port.
listen(Link = #link{carrier = megaco_udp}, Port) ->
    {ok, Socket, Control} = megaco_udp:open(Link#link.transport, [
        %% Without a buffer, what is longer than 8 KiB is cut off.
        {port, Port}, {udp_options, [{ip, ?HERE}, {buffer, 65536}]} | options(Link)]),
    {Socket, Control};
listen(Link, Port) ->
    ok = megaco_tcp:listen(Link#link.transport, [
        {port, Port}, {tcp_options, [{ip, ?HERE}]} | options(Link)]).

options(Link) -> [{receive_handle, Link#link.handle}, {module, ?MODULE}].

%% A connection to the peer at a port; a datagram socket may be given.
open(Link = #link{carrier = megaco_udp}, {Socket, Control}, {Peer, Port}) ->
    Handle = megaco_udp:create_send_handle(Socket, ?HERE, Port),
    case megaco:connect(Link#link.handle, Peer, Handle, Control) of
        {ok, Connection} -> Connection;
        %% It has spoken first.
        {error, {already_connected, Connection}} -> Connection;
        %% It speaks at this moment, and OTP is not done with that.
        {error, {no_such_connection, _}} ->
            timer:sleep(20),
            open(Link, {Socket, Control}, {Peer, Port})
    end;
open(Link = #link{carrier = megaco_udp}, new, Place) ->
    open(Link, listen(Link, 0), Place);
open(Link, new, {Peer, Port}) ->
    {ok, Socket, Control} = megaco_tcp:connect(Link#link.transport, [
        {host, ?HERE}, {port, Port} | options(Link)]),
    {ok, Connection} = megaco:connect(Link#link.handle, Peer, Socket, Control),
    Connection.

%% Ends a connection without a word; the peer may be back at once.
close(Connection) ->
    Control = megaco:conn_info(Connection, control_pid),
    megaco:disconnect(Connection, closed),
    exit(Control, kill).

%% The only connection that there is.
connection(Link) ->
    [Connection] = megaco:user_info(Link#link.mid, connections),
    Connection.

version(Link) -> Link#link.version.

%% The action replies to a request, errors included.
ask(Connection, Text) ->
    Version = megaco:conn_info(Connection, protocol_version),
    case megaco:call(Connection, actions(Version, Text), []) of
        {_, {ok, Replies}} -> Replies;
        {_, {error, Error}} -> Error;
        Other -> failed("~s: ~0p", [Text, Other])
    end.

%% The action replies to a request.
call(Connection, Text) ->
    [Replies] = call_all(Connection, [Text]),
    Replies.

%% The action replies to each of some requests, which go out in one message.
call_all(Connection, Texts) ->
    Version = megaco:conn_info(Connection, protocol_version),
    {_, Results} = megaco:call(Connection, [actions(Version, Text) || Text <- Texts], []),
    [accepted(Text, Result) || {Text, Result} <- lists:zip(Texts, Results)].

accepted(Text, {ok, Replies}) ->
    case find('ErrorDescriptor', Replies) of
        [] -> Replies;
        Errors -> failed("~s: ~0p", [Text, Errors])
    end;
accepted(Text, Other) -> failed("~s: ~0p", [Text, Other]).

%% Sends the same octets twice; says how many octets come back both times, if they are the same.
answered_alike(Link, Connection, Text) ->
    Id = 4000000000 + erlang:unique_integer([positive]),
    Request = {'TransactionRequest', Id, actions(Link#link.version, Text)},
    Octets = encoded(Link, {transactionRequest, Request}),
    First = answer(Link, Connection, Octets, Id),
    case answer(Link, Connection, Octets, Id) of
        First -> byte_size(First);
        Second -> failed("answered with ~0p and then with ~0p", [First, Second])
    end.

encoded(#link{codec = Codec, config = Config, version = Version, mid = Mid}, Transaction) ->
    Message = {'Message', Version, Mid, {transactions, [Transaction]}},
    {ok, Octets} =
        Codec:encode_message(Config, Version, {'MegacoMessage', asn1_NOVALUE, Message}),
    Octets.

answer(Link, Connection, Octets, Id) ->
    drop(wire),
    ok = send_message(megaco:conn_info(Connection, send_handle), Octets),
    expect(wire, fun(Received) ->
        Replies = find('TransactionReply', decoded(Link, Received)),
        lists:any(fun(Reply) -> element(2, Reply) =:= Id end, Replies)
    end).

decoded(#link{codec = Codec, config = Config}, Octets) ->
    {ok, Message} = Codec:decode_message(Config, dynamic, Octets),
    Message.

%% All records of this name within a term.
find(Name, Record) when is_tuple(Record), element(1, Record) =:= Name -> [Record];
find(Name, Tuple) when is_tuple(Tuple) -> find(Name, tuple_to_list(Tuple));
find(Name, [Head | Tail]) -> find(Name, Head) ++ find(Name, Tail);
find(_, _) -> [].

actions(Version, Text) ->
    [{'TransactionRequest', _, Actions}] =
        find('TransactionRequest', parsed(Version, "Transaction=1{" ++ Text ++ "}")),
    Actions.

replies(Version, Text) ->
    [Reply] = find('TransactionReply', parsed(Version, "Reply=1{" ++ Text ++ "}")),
    {actionReplies, Replies} = element(4, Reply),
    Replies.

parsed(Version, Text) ->
    Octets = iolist_to_binary(io_lib:format("MEGACO/~w [127.0.0.1]:9 ~s", [Version, Text])),
    {ok, Message} = megaco_pretty_text_encoder:decode_message([], dynamic, Octets),
    Message.

say(Format, Arguments) -> io:format("otp: " ++ Format ++ "~n", Arguments).

failed(Format, Arguments) ->
    say("failed: " ++ Format, Arguments),
    halt(1).

%% The next report of this kind, where one is given the next that it holds of.
expect(Kind) -> expect(Kind, fun(_) -> true end).

expect(Kind, Holds) ->
    receive
        {Kind, What} ->
            case Holds(What) of
                true -> What;
                false -> expect(Kind, Holds)
            end
    after ?PATIENCE -> failed("no ~p", [Kind])
    end.

%% Takes out all reports of this kind that have come.
drop(Kind) ->
    receive {Kind, What} -> [What | drop(Kind)] after 0 -> [] end.

%% What this module is to the transport: a tap on the way to megaco.

receive_message(Handle, Control, From, Octets) ->
    scenario ! {wire, Octets},
    megaco:receive_message(Handle, Control, From, Octets).

process_received_message(Handle, Control, From, Octets) ->
    scenario ! {wire, Octets},
    megaco:process_received_message(Handle, Control, From, Octets).

send_message(To, Octets) ->
    scenario ! {sent, Octets},
    case is_port(To) of
        true -> megaco_tcp:send_message(To, Octets);
        false -> megaco_udp:send_message(To, Octets)
    end.

%% What this module is to megaco: its user.

handle_connect(_, _, _) -> ok.
handle_connect(_, _, _, _) -> ok.

handle_disconnect(Connection, _, Reason, _) ->
    megaco:cancel(Connection, Reason),
    ok.

handle_syntax_error(_, _, {_, Code, Text}, _) ->
    say("refuses with ~w ~s", [Code, Text]),
    scenario ! {refused, Code},
    reply.

handle_message_error(_, _, Error, _) -> failed("a message error: ~0p", [Error]).

handle_unexpected_trans(_, _, _, _) -> ok.

handle_trans_request(Connection, Version, Actions, Role) ->
    {When, Ack, Text} = Role:answer(Actions),
    scenario ! {request, {Connection, Actions}},
    case When of
        now -> {Ack, replies(Version, Text)};
        later -> {pending, {Ack, Text}}
    end.

handle_trans_long_request(_, Version, {Ack, Text}, _) ->
    timer:sleep(?SLOW),
    {Ack, replies(Version, Text)}.

handle_trans_reply(_, _, Reply, _, _) -> failed("a reply nobody waits for: ~0p", [Reply]).

handle_trans_ack(_, _, Status, Data, _) ->
    scenario ! {acknowledged, {Data, Status}},
    ok.

handle_trans_request_abort(_, _, Id, _, _) -> failed("~w is aborted", [Id]).
