package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// DeviceError is the module's no. It arrives with HTTP 200: only its code tells it from a success.
type DeviceError struct{ Code int32 }

func (e DeviceError) Error() string { return fmt.Sprintf("the module answered %d", e.Code) }

// content is the body of an answer, whatever kind it says it is (A16).
func content(response *http.Response, err error) ([]byte, error) {
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the module answered HTTP %s", response.Status)
	}
	return io.ReadAll(response.Body)
}

// answer is one that has its fields beside the code.
func answer[T any](response *http.Response, err error) (T, error) {
	var fields T
	body, err := content(response, err)
	if err != nil {
		return fields, err
	}
	var envelope struct{ Code int32 }
	if err := json.Unmarshal(body, &envelope); err != nil {
		return fields, err
	}
	if envelope.Code != 0 {
		return fields, DeviceError{envelope.Code}
	}
	return fields, json.Unmarshal(body, &fields)
}

// data is what an answer has beside its code.
func data[T any](response *http.Response, err error) (T, error) {
	envelope, err := answer[struct{ Data *T }](response, err)
	if err != nil {
		return *new(T), err
	}
	if envelope.Data == nil {
		return *new(T), fmt.Errorf("the module answered a success without data")
	}
	return *envelope.Data, nil
}

// done looks only whether the module did what it was told.
func done(response *http.Response, err error) error {
	_, err = answer[struct{}](response, err)
	return err
}

// file is a body of bytes, in whose place an error may come as JSON (A10).
func file(response *http.Response, err error) ([]byte, error) {
	body, err := content(response, err)
	if err != nil {
		return nil, err
	}
	var refusal struct{ Code int32 }
	if bytes.HasPrefix(body, []byte("{")) && json.Unmarshal(body, &refusal) == nil && refusal.Code != 0 {
		return nil, DeviceError{refusal.Code}
	}
	return body, nil
}
