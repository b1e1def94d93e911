%% OTP as gateway under our controller: ENCODING CARRIER VERSION PORT, where the controller listens.
-module(otp_mg).
-export([main/1, answer/1]).
-import(otp_link, [call/2, expect/2, find/2, say/2]).

-define(CHOOSE, 16#fffffffe).
-define(ALL, 16#ffffffff).
-define(NOTIFY, "Context=-{Notify=ROOT{ObservedEvents=7{it/ito}}}").

main([Encoding, Carrier, Version, Port]) ->
    [ets:new(Table, [named_table, public]) || Table <- [numbers, places]],
    Mid = {deviceName, "otp_mg"},
    Link = otp_link:start(?MODULE, Mid, [Encoding, Carrier, Version]),
    Place = {preliminary_mid, list_to_integer(Port)},
    Connection = registered(Link, Place, "Restart", "901 Cold Boot"),
    call(Connection, ?NOTIFY),
    say("Notify is answered", []),
    Length = otp_link:answered_alike(Link, Connection, ?NOTIFY),
    say("a repeated Notify is answered by the same ~w octets", [Length]),
    say("ready", []),
    %% A line comes when there is a Call, and another when it has ended.
    io:get_line(""),
    otp_link:close(Connection),
    Again = registered(Link, Place, "Disconnected", "900 Service Restored"),
    call(Again, ?NOTIFY),
    say("Notify is answered again", []),
    say("returned", []),
    io:get_line(""),
    call(Again, "Context=-{ServiceChange=ROOT{Services{Method=Forced,"
                "Reason=\"908 MG Impending Failure\"}}}"),
    say("left", []),
    io:get_line("").

%% Registers by a new connection, and is audited.
registered(Link, Place, Method, Reason) ->
    Version = otp_link:version(Link),
    [otp_link:drop(Kind) || Kind <- [sent, acknowledged]],
    Replies = call(otp_link:open(Link, new, Place), io_lib:format(
        "Context=-{ServiceChange=ROOT{Services{Method=~s,Reason=\"~s\",Version=~w}}}",
        [Method, Reason, Version])),
    [Accepted] = find('ServiceChangeResParm', Replies),
    say("~s accepted with version ~w", [Method, element(4, Accepted)]),
    expect(sent, fun(Octets) ->
        find('TransactionPending', otp_link:decoded(Link, Octets)) =/= []
    end),
    expect(acknowledged, fun(Told) -> Told =:= {audit, ok} end),
    say("Pending for its audit, and the reply is acknowledged", []),
    %% By the reply it has learnt the controller's name.
    otp_link:connection(Link).

%% An audit takes a while, and the acknowledgement of the reply is asked for.
answer(Actions) ->
    Text = lists:join(",", [action(Action) || Action <- Actions]),
    case find('AuditRequest', Actions) of
        [] -> {now, discard_ack, Text};
        _ -> {later, {handle_ack, audit}, Text}
    end.

action(Action) ->
    case {element(2, Action), find('CommandRequest', Action)} of
        {?ALL, _} -> lists:join(",", [held(Context) || Context <- contexts()]);
        {Context, Requests} ->
            Number = number(Context),
            Commands = [command(Number, Request) || Request <- Requests],
            in(Number, Commands)
    end.

in(0, Commands) -> ["Context=-{", lists:join(",", Commands), "}"];
in(Number, Commands) -> io_lib:format("Context=~w{~s}", [Number, lists:join(",", Commands)]).

number(?CHOOSE) -> next(contexts);
number(Number) -> Number.

%% What is in a Context, as an audit returns it.
held(Context) ->
    There = [Name || {Name, Its} <- ets:tab2list(places), Its =:= Context],
    in(Context, [["AuditValue=", Name] || Name <- There]).

contexts() -> lists:usort([Context || {_, Context} <- ets:tab2list(places)]).

command(Context, {'CommandRequest', {Kind, Request}, _, _}) ->
    case {Kind, element(2, Request)} of
        {addReq, _} -> added(Context, next(terminations));
        {auditValueRequest, Termination} -> ["AuditValue=", name(Termination)];
        {_, [Termination]} -> done(Context, Kind, name(Termination))
    end.

added(Context, Number) ->
    Name = io_lib:format("rtp/~w", [Number]),
    placed(Context, "Add", Name),
    io_lib:format(
        "Add=~s{Media{Stream=1{Local{v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\n"
        "c=IN IP4 127.0.0.1\nt=0 0\nm=audio ~w RTP/AVP 0\n}}}}", [Name, 30000 + 2 * Number]).

done(Context, modReq, Name) -> placed(Context, "Modify", Name);
done(Context, moveReq, Name) -> placed(Context, "Move", Name);
done(_, subtractReq, Name) ->
    ets:delete(places, Name),
    say("Subtract of ~s", [Name]),
    ["Subtract=", Name].

placed(Context, Command, Name) ->
    ets:insert(places, {lists:flatten(Name), Context}),
    say("~s of ~s in context ~w", [Command, Name, Context]),
    [Command, "=", Name].

name({megaco_term_id, _, Levels}) -> lists:flatten(lists:join("/", Levels)).

next(Kind) -> ets:update_counter(numbers, Kind, 1, {Kind, 0}).
